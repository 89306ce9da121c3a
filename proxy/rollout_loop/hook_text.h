#pragma once
#include <string>

#include "model/plan.h"
#include "rollout/hooks.h"
#include "rollout/state.h"
#include "rollout_loop/poster.h"

namespace weir::rollout_loop {

/// What a hook is asked. Two processes ask the same with the same id.
HttpPost question(const Hook& hook, const ServicePlan& service, const rollout::RolloutState& state);

/// What its answer means. A 2xx passes where its body is empty or a JSON object whose `verdict` is
/// "pass", and fails where that is "fail". A 4xx other than 408, 425 and 429 fails. All else is no
/// answer: no response, redirects, 5xx, a 2xx with anything else in it. The object's `reason`, if
/// any, becomes the report's.
rollout::HookReport judge(const Hook& hook, const HttpReply& reply);

}  // namespace weir::rollout_loop
