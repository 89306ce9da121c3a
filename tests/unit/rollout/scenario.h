#pragma once
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rollout/decide.h"

namespace weir::rollout {

inline void PrintTo(const RolloutState& state, std::ostream* out) {
  *out << "epoch " << state.epoch << ' ' << name_of(state.phase) << '('
       << name_of(state.pause_reason) << ") stable " << name_of(state.stable) << " weight "
       << percent_text(state.weight) << " step " << state.step << " held " << state.held.count()
       << " ms, " << state.step_requests << " requests, undo " << state.can_undo << ": "
       << state.reason;
}

/// Builders for one-line arrangements.
namespace scenario {

using namespace std::chrono_literals;

inline Instant at(Milliseconds since_start) { return Instant(since_start + 1h); }

/// 5 %, 25 %, 50 %, 100 %; each holds 10 s and 20 requests.
inline RolloutPolicy ramp() {
  RolloutPolicy policy;
  for (const auto weight :
       {Weight::percent(5), Weight::percent(25), Weight::percent(50), Weight::all()}) {
    policy.steps.push_back({weight, 10s, 20, false});
  }
  return policy;
}

/// `ramp` without its last step: ends at 50 %.
inline RolloutPolicy ramp_to_half() {
  auto policy = ramp();
  policy.steps.pop_back();
  return policy;
}

inline RolloutPolicy gated(RolloutPolicy policy) {
  for (auto& step : policy.steps) step.manual_gate = true;
  return policy;
}

inline RolloutPolicy driven(RolloutPolicy policy, Milliseconds timeout) {
  policy.driver_timeout = timeout;
  return policy;
}

inline Assessment found(Verdict verdict, GuardAction action = GuardAction::rollback,
                        std::string guard = "errors") {
  Assessment assessment;
  assessment.guard = std::move(guard);
  assessment.action = action;
  assessment.verdict = verdict;
  assessment.reason = assessment.guard + ": as found";
  return assessment;
}

inline Assessment worse(GuardAction action, std::string guard = "errors") {
  return found(Verdict::worse, action, std::move(guard));
}

/// Every guard is fine, and the step has had its requests.
inline Evidence all_fine() { return {{found(Verdict::fine)}, 20}; }

inline ActionRequest action(Action what) {
  ActionRequest request;
  request.action = what;
  return request;
}

inline ActionRequest promote_full() {
  auto request = action(Action::promote);
  request.full = true;
  return request;
}

inline ActionRequest to_weight(Weight weight) {
  auto request = action(Action::set_weight);
  request.weight = weight;
  return request;
}

/// Progressing in `step` from time 0 on, in epoch 7.
inline RolloutState progressing(const RolloutPolicy& policy, std::uint32_t step = 0,
                                Version stable = Version::blue) {
  RolloutState state;
  state.epoch = 7;
  state.phase = Phase::progressing;
  state.stable = stable;
  state.step = step;
  state.weight = policy.steps.at(step).weight;
  state.revision = "r7";
  state.held_at = state.driver_seen = at(0ms);
  return state;
}

inline RolloutState paused(PauseReason reason, const RolloutPolicy& policy, std::uint32_t step = 0,
                           Version stable = Version::blue) {
  auto state = progressing(policy, step, stable);
  state.phase = Phase::paused;
  state.pause_reason = reason;
  state.held_at.reset();
  return state;
}

inline RolloutState healthy(Version stable = Version::blue, bool can_undo = false) {
  RolloutState state;
  state.epoch = 7;
  state.stable = stable;
  state.can_undo = can_undo;
  return state;
}

inline RolloutState degraded(Version stable = Version::blue) {
  auto state = healthy(stable);
  state.phase = Phase::degraded;
  state.step = 1;
  state.revision = "r7";
  return state;
}

/// "step", "warn warn", "" …
inline std::string kinds(const Decision& decision) {
  std::string kinds;
  for (const auto& transition : decision.transitions) {
    kinds += (kinds.empty() ? "" : " ") + transition.kind;
  }
  return kinds;
}

/// What an accepted action decided; fails the test where it was refused.
inline Decision accepted(const std::variant<Decision, Refusal>& answer) {
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    ADD_FAILURE() << refusal->reason;
    return {};
  }
  return std::get<Decision>(answer);
}

/// Why an action was refused; "" where it was not.
inline std::string refusal(const std::variant<Decision, Refusal>& answer) {
  const auto* refusal = std::get_if<Refusal>(&answer);
  return refusal == nullptr ? "" : refusal->reason;
}

}  // namespace scenario
}  // namespace weir::rollout
