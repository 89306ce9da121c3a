#include "rollout_loop/changes.h"

#include <algorithm>

namespace weir::rollout_loop {

using rollout::RolloutState;

namespace {

/// Who is sent where, or since which epoch it counts.
bool traffic_differs(const RolloutState& a, const RolloutState& b) noexcept {
  return a.weight != b.weight || a.stable != b.stable || a.epoch != b.epoch;
}

}  // namespace

void explain(std::vector<rollout::Transition>& transitions,
             const std::vector<rollout::Assessment>& assessments, const rollout::SeenOfBoth& seen) {
  for (auto& transition : transitions) {
    if (!transition.from.in_progress()) continue;
    if (transition.assessments.empty()) transition.assessments = assessments;
    transition.seen = seen;
  }
}

bool comes_after_the_end(const rollout::Transition& transition) noexcept {
  const auto &from = transition.from, &to = transition.to;
  return from.epoch == to.epoch && !from.in_progress() && !to.in_progress();
}

bool retreats(const RolloutState& from, const RolloutState& to) noexcept {
  if (to.phase == rollout::Phase::degraded && from.in_progress()) return true;
  const bool undone = from.stable != to.stable && !from.in_progress();
  return undone || (from.stable == to.stable && to.weight < from.weight);
}

bool routes_differ(const RolloutState& a, const RolloutState& b) noexcept {
  return traffic_differs(a, b) || a.slower_than != b.slower_than;
}

bool measures_latency(const ServicePlan& plan) noexcept {
  const auto bound = plan.rollout.slower_than();
  return bound && bound->p95_up_to;
}

bool leaves_place(const RolloutState& from, const RolloutState& to) noexcept {
  return traffic_differs(from, to) || from.step != to.step ||
         from.in_progress() != to.in_progress();
}

bool overrules_guard(const RolloutState& from, const RolloutState& to) noexcept {
  return from.pause_reason == rollout::PauseReason::guard &&
         to.phase == rollout::Phase::progressing;
}

bool is_repeated(const RolloutState& state, const std::string& key) {
  const auto& keys = state.recent_keys;
  return !key.empty() && std::find(keys.begin(), keys.end(), key) != keys.end();
}

void remember(RolloutState& state, const std::string& key) {
  constexpr std::size_t kept = 8;
  if (key.empty()) return;
  auto& keys = state.recent_keys;
  keys.push_back(key);
  if (keys.size() > kept) keys.erase(keys.begin());
}

}  // namespace weir::rollout_loop
