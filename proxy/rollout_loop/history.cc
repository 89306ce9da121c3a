#include "rollout_loop/history.h"

#include <algorithm>
#include <string_view>

namespace weir::rollout_loop {
namespace {

using rollout::RolloutState;

/// The last one, begun where it is of another epoch.
PastRollout& rollout_of(History& history, const RolloutState& state) {
  if (history.empty() || history.back().epoch != state.epoch) {
    auto& begun = history.emplace_back();
    begun.epoch = state.epoch;
    begun.revision = state.revision;
    begun.canary = state.canary();
  }
  return history.back();
}

/// Of a rollout that has ended and nobody noted how.
std::string_view likely_end(const RolloutState& state) {
  if (state.phase == rollout::Phase::degraded) return "rollback";
  return state.can_undo ? "finish" : "undo";
}

/// Its end was not noted, or not kept.
void end(PastRollout& rollout, const RolloutState& state) {
  rollout.ended = true;
  rollout.last = {};
  if (rollout.epoch != state.epoch) return;
  rollout.last.kind = likely_end(state);
  rollout.last.reason = state.reason;
}

}  // namespace

void note(History& history, const Event& event) {
  const auto& transition = event.transition;
  const auto &from = transition.from, &to = transition.to;
  auto& rollout = rollout_of(history, to);
  if (from.epoch != to.epoch) rollout.started_unix_ms = event.unix_ms;
  const bool finished = transition.kind == "finish";
  const auto weight = finished ? Weight::all() : std::max(to.weight, from.weight);
  rollout.greatest = std::max(rollout.greatest, weight);
  rollout.ended = !to.in_progress();
  rollout.last = in_short(event);
  rollout.guards = transition.assessments;
  rollout.seen = transition.seen;
}

void follow(History& history, const RolloutState& state) {
  if (!history.empty() && !history.back().ended) {
    auto& last = history.back();
    if (last.epoch != state.epoch || !state.in_progress()) end(last, state);
  }
  if (!state.in_progress()) return;
  auto& rollout = rollout_of(history, state);
  rollout.ended = false;
  rollout.greatest = std::max(rollout.greatest, state.weight);
}

std::uint64_t bound(History& history, std::size_t most) {
  const auto ended = static_cast<std::size_t>(
      std::count_if(history.begin(), history.end(), [](const auto& each) { return each.ended; }));
  const auto dropped = ended > most ? ended - most : 0;
  history.erase(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(dropped));
  return dropped;
}

}  // namespace weir::rollout_loop
