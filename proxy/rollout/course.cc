#include "rollout/course.h"

#include <algorithm>

#include "rollout/hooks.h"

namespace weir::rollout {
namespace {

void leave(RolloutState& state, Phase phase) {
  state.phase = phase;
  state.pause_reason = PauseReason::none;
  state.weight = Weight::none();
  state.held_at.reset();
  state.driver_seen.reset();
  state.warned.clear();
  state.hold.reset();
  state.passed_hooks.clear();
}

void count_afresh(RolloutState& state) {
  state.held = Milliseconds(0);
  state.step_requests = 0;
}

std::uint32_t last_reached(const std::vector<Step>& steps, Weight weight) {
  const auto above = std::find_if(steps.begin(), steps.end(),
                                  [weight](const Step& step) { return step.weight > weight; });
  return static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(above - steps.begin(), 1) - 1);
}

}  // namespace

void begin(RolloutState& state, const RolloutPolicy& policy, Instant now) {
  ++state.epoch;
  state.can_undo = false;
  state.weight = Weight::none();
  state.warned.clear();
  state.slower_than.reset();
  state.driver_seen = now;
  enter_step(state, policy, 0, now);
  if (asks_before_start(policy)) state.weight = Weight::none();
}

void accrue(RolloutState& state, Instant now) {
  if (state.phase != Phase::progressing) return;
  if (!state.held_at) state.held_at = now;
  const auto more = std::chrono::floor<Milliseconds>(now - *state.held_at);
  if (more <= Milliseconds(0)) return;
  state.held += more;
  *state.held_at += more;  // keeps what is below a millisecond for the next time
}

void hear_driver(RolloutState& state, Instant now) {
  state.driver_seen = std::max(state.driver_seen.value_or(now), now);
}

void stand_still(RolloutState& state, PauseReason reason) {
  state.phase = Phase::paused;
  state.pause_reason = reason;
  state.held_at.reset();
  state.hold.reset();
}

void go_on(RolloutState& state, Instant now) {
  state.phase = Phase::progressing;
  state.pause_reason = PauseReason::none;
  state.held_at = now;
  state.hold.reset();
}

void wait_again(RolloutState& state, const RolloutPolicy& policy) {
  if (state.step < policy.steps.size()) {
    state.held = std::min(state.held, policy.steps[state.step].hold);
  }
}

bool entered(const RolloutState& state, const RolloutPolicy& policy) {
  return state.step >= policy.steps.size() || state.weight >= policy.steps[state.step].weight;
}

void enter_step(RolloutState& state, const RolloutPolicy& policy, std::uint32_t step, Instant now) {
  state.step = step;
  if (step < policy.steps.size()) state.weight = std::max(state.weight, policy.steps[step].weight);
  count_afresh(state);
  state.passed_hooks.clear();
  go_on(state, now);
}

std::uint32_t step_above(const RolloutPolicy& policy, Weight weight) {
  const auto& steps = policy.steps;
  if (steps.empty()) return 0;
  const auto above = std::find_if(steps.begin(), steps.end() - 1,
                                  [weight](const Step& step) { return step.weight > weight; });
  return static_cast<std::uint32_t>(above - steps.begin());
}

bool find_place(RolloutState& state, const RolloutPolicy& policy) {
  const auto& steps = policy.steps;
  if (!state.in_progress() || steps.empty()) return false;
  const auto before = state.step;
  if (state.pause_reason == PauseReason::weight_set) {
    state.step = step_above(policy, state.weight);
  } else {
    state.step = last_reached(steps, state.weight);
  }
  if (state.step == before) return false;
  state.passed_hooks.clear();
  if (steps[state.step].weight != state.weight) count_afresh(state);
  return true;
}

void advance(RolloutState& state, const RolloutPolicy& policy, Instant now) {
  const auto next = entered(state, policy) ? state.step + 1 : state.step;
  if (next < policy.steps.size()) {
    enter_step(state, policy, next, now);
  } else {
    finish(state, policy);
  }
}

void finish(RolloutState& state, const RolloutPolicy& policy) {
  leave(state, Phase::healthy);
  count_afresh(state);
  state.stable = state.canary();
  state.step = static_cast<std::uint32_t>(policy.steps.size());
  state.can_undo = true;
}

void fall_back(RolloutState& state) { leave(state, Phase::degraded); }

void keep_warm(RolloutState& state, const RolloutState& before, const RolloutPolicy& policy,
               WallTime now) {
  if (state.in_progress()) return state.warm_until.reset();
  if (!before.in_progress() && before.stable == state.stable) return;
  state.warm_until.reset();
  if (policy.bake > Milliseconds(0)) state.warm_until = now + policy.bake;
}

void swap_back(RolloutState& state) {
  ++state.epoch;
  state.stable = state.canary();
  state.step = 0;
  state.can_undo = false;
}

}  // namespace weir::rollout
