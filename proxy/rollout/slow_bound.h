#pragma once
#include <cstdint>
#include <optional>

#include "model/rollout_policy.h"
#include "rollout/conditions.h"
#include "rollout/state.h"

namespace weir::rollout {

/// So many exchanges of stable must be known before their p95 is a bound.
inline constexpr std::uint64_t least_latencies = 200;

/// An exchange above this is slow in this rollout; nothing where no guard asks. One that is to
/// be stable's p95 is the fixed one until that is known.
std::optional<Microseconds> slow_bound(const RolloutState& state,
                                       const RolloutPolicy& policy) noexcept;

/// Freezes the bound, where it is to be stable's p95 and that is known by now. It stays for the
/// rollout. Fixed before the exchanges it judges, it leaves the test what it is: of two versions
/// that are alike, either is above any bound as often. One that followed stable's latency would
/// do so too, but hide that canary slows down what both of them use.
void freeze_slow_bound(RolloutState& state, const RolloutPolicy& policy,
                       const Conditions& conditions) noexcept;

}  // namespace weir::rollout
