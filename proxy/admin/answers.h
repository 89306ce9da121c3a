#pragma once
#include <string_view>

#include "admin/message.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// The rollout of one service; its ETag is the epoch, in quotes: what `If-Match` takes.
Response show(const rollout_loop::ServiceStatus& status);

/// How an action ended: 200 with the rollout and `changed`, or 404, 409, 412, 503.
Response answer_of(const rollout_loop::ActionResult& result);

Problem unknown_service(std::string_view name);

}  // namespace weir::admin
