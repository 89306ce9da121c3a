#include "rollout/hooks.h"

#include <algorithm>

#include "rollout/course.h"

namespace weir::rollout {
namespace {

using At = Hook::At;

bool is_ahead(At at, const RolloutState& state, const RolloutPolicy& policy) {
  if (state.phase == Phase::degraded) return at == At::after_rollback;
  if (!state.in_progress()) return false;
  if (waits_to_begin(state, policy)) return at == At::before_start || at == At::before_step;
  const auto next = entered(state, policy) ? state.step + 1 : state.step;
  return at == (next < policy.steps.size() ? At::before_step : At::before_promotion);
}

bool has_passed(const RolloutState& state, const Hook& hook) {
  const auto& passed = state.passed_hooks;
  return std::find(passed.begin(), passed.end(), hook.name) != passed.end();
}

}  // namespace

std::string_view name_of(HookVerdict verdict) noexcept {
  switch (verdict) {
    case HookVerdict::pass:
      return "pass";
    case HookVerdict::fail:
      return "fail";
    case HookVerdict::error:
      return "error";
  }
  return "";
}

bool asks_before_start(const RolloutPolicy& policy) {
  return std::any_of(policy.hooks.begin(), policy.hooks.end(), [](const Hook& hook) {
    return hook.at == At::before_start || hook.at == At::before_step;
  });
}

std::vector<const Hook*> hooks_ahead(const RolloutState& state, const RolloutPolicy& policy) {
  std::vector<const Hook*> ahead;
  for (const auto& hook : policy.hooks) {
    if (is_ahead(hook.at, state, policy) && !has_passed(state, hook)) ahead.push_back(&hook);
  }
  return ahead;
}

bool waits_to_begin(const RolloutState& state, const RolloutPolicy& policy) noexcept {
  return state.in_progress() && state.weight == Weight::none() && !entered(state, policy) &&
         state.pause_reason != PauseReason::weight_set;
}

std::string text_of(const HookReport& report) {
  return "hook " + report.hook + ": " + report.reason;
}

}  // namespace weir::rollout
