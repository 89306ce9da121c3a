#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rollout/state.h"
#include "rollout_loop/event_feed.h"
#include "rollout_loop/past_rollout.h"

namespace weir::rollout_loop {

/// The rollouts of one service, oldest first; only the last may not have ended.
using History = std::vector<PastRollout>;

/// What became of the rollout the event is of.
void note(History& history, const Event& event);

/// After a restart: the state counts where both differ, for it is saved first. The last of
/// the history is then the rollout the state is in, or ended with.
void follow(History& history, const rollout::RolloutState& state);

/// Drops the oldest beyond `most` that have ended, and says how many.
std::uint64_t bound(History& history, std::size_t most);

}  // namespace weir::rollout_loop
