#include "rollout/slow_bound.h"

#include <algorithm>

namespace weir::rollout {

std::optional<Microseconds> slow_bound(const RolloutState& state,
                                       const RolloutPolicy& policy) noexcept {
  const auto asked = policy.slower_than();
  if (!asked) return std::nullopt;
  return asked->p95_up_to && state.slower_than ? *state.slower_than : Microseconds(asked->fixed);
}

void freeze_slow_bound(RolloutState& state, const RolloutPolicy& policy,
                       const Conditions& conditions) noexcept {
  const auto asked = policy.slower_than();
  if (state.slower_than || !asked || !asked->p95_up_to || !conditions.stable_p95) return;
  state.slower_than = std::min(*conditions.stable_p95, Microseconds(*asked->p95_up_to));
}

}  // namespace weir::rollout
