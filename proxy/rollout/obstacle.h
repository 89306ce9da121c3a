#pragma once
#include <optional>

#include "model/rollout_policy.h"
#include "rollout/conditions.h"
#include "rollout/state.h"

namespace weir::rollout {

/// What stands against such a move: an open freeze window where canary would get more traffic,
/// but for an `undo`; the stated capacity of a pool that would get more than it can take.
std::optional<Hold> obstacle(const RolloutState& from, const RolloutState& to,
                             const RolloutPolicy& policy, const Conditions& conditions);

/// The second of them alone.
std::optional<Hold> lack_of_capacity(const RolloutState& from, const RolloutState& to,
                                     const Conditions& conditions);

}  // namespace weir::rollout
