#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "admin/message.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// The rollout of one service; its ETag is the epoch, in quotes: what `If-Match` takes.
Response show(const rollout_loop::ServiceStatus& status);

/// How an action ended: 200 with the rollout and `changed`, or 404, 409, 412, 503.
Response answer_of(const rollout_loop::ActionResult& result);

Problem unknown_service(std::string_view name);

/// The epoch of `If-Match: "7"` (RFC 9110 §13.1.1); none where the field is absent or
/// `*`. Lists and weak tags are refused with 400: an action has one precondition.
std::variant<std::optional<std::uint64_t>, Problem> read_if_match(const RequestHead& head);

/// `Idempotency-Key`: 1–255 visible ASCII characters, or none.
std::variant<std::optional<std::string>, Problem> read_idempotency_key(const RequestHead& head);

}  // namespace weir::admin
