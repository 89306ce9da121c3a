#pragma once
#include <memory>

#include "model/rollout_policy.h"
#include "rollout/guard.h"

namespace weir::rollout {

/// One guard for each kind of rule; fresh, without evidence. `stable_before`: what stable did
/// before the rollout.
std::unique_ptr<Guard> guard_for(const ErrorGuard& guard,
                                 const outcomes::EvidenceCounts& stable_before);
std::unique_ptr<Guard> guard_for(const LatencyGuard& guard,
                                 const outcomes::EvidenceCounts& stable_before);
std::unique_ptr<Guard> guard_for(const ErrorThreshold& rule);
std::unique_ptr<Guard> guard_for(const LatencyThreshold& rule);
std::unique_ptr<Guard> guard_for(const HealthGuard& rule);

}  // namespace weir::rollout
