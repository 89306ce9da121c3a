#pragma once
#include <cstdint>

#include "model/rollout_policy.h"
#include "rollout/state.h"

namespace weir::rollout {

/// The ways a state can move, whoever asks for it. Each leaves a consistent state:
/// no weight outside a rollout, no time held while it stands still.

/// A new rollout of the present canary: next epoch, first step; or before it, where hooks are
/// to be asked first.
void begin(RolloutState& state, const RolloutPolicy& policy, Instant now);

/// Counts the time held up to `now`; a backward `now` counts nothing.
void accrue(RolloutState& state, Instant now);

/// The driver gave a sign of life.
void hear_driver(RolloutState& state, Instant now);

/// Paused, at the weight it has.
void stand_still(RolloutState& state, PauseReason reason);

/// Progressing in its step, from now on.
void go_on(RolloutState& state, Instant now);

/// The hold was served; the wait for evidence begins anew.
void wait_again(RolloutState& state, const RolloutPolicy& policy);

/// Whether the step's weight was reached; past the last step: true.
bool entered(const RolloutState& state, const RolloutPolicy& policy);

/// Progressing in that step from its beginning. The weight never falls: a reload may
/// have lowered the steps.
void enter_step(RolloutState& state, const RolloutPolicy& policy, std::uint32_t step, Instant now);

/// The first step above `weight`, the one to go on with; none above: the last.
std::uint32_t step_above(const RolloutPolicy& policy, Weight weight);

/// Finds the step a rollout is in, where other steps than it began with are in force: the
/// weight stays, nobody is moved. It is in the last step that its weight has reached, or in
/// the first; held at a weight that was set, before the next one above. What was held and
/// counted stays where this is the step of just that weight. True where the step differs.
bool find_place(RolloutState& state, const RolloutPolicy& policy);

/// Enters the step that comes next; past the last, finishes.
void advance(RolloutState& state, const RolloutPolicy& policy, Instant now);

/// Swaps the roles: canary took over.
void finish(RolloutState& state, const RolloutPolicy& policy);

/// All traffic back to stable, latched.
void fall_back(RolloutState& state);

/// Where a pool has just become idle: it is kept warm from now on. In a rollout none is.
void keep_warm(RolloutState& state, const RolloutState& before, const RolloutPolicy& policy,
               WallTime now);

/// Undoes a finished rollout: the roles swap back under a new epoch.
void swap_back(RolloutState& state);

}  // namespace weir::rollout
