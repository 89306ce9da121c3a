#pragma once
#include <memory>
#include <string>

#include "model/rollout_policy.h"
#include "rollout/guard.h"

namespace weir::rollout {

/// One guard for each kind of rule; fresh, without evidence. `stable_before`: what stable did
/// before the rollout. `slow`: what the bound of latency is called.
std::unique_ptr<Guard> guard_for(const ErrorGuard& guard,
                                 const outcomes::EvidenceCounts& stable_before);
std::unique_ptr<Guard> guard_for(const LatencyGuard& guard, const std::string& slow,
                                 const outcomes::EvidenceCounts& stable_before);
std::unique_ptr<Guard> guard_for(const ErrorThreshold& rule);
std::unique_ptr<Guard> guard_for(const LatencyThreshold& rule, const std::string& slow);
std::unique_ptr<Guard> guard_for(const HealthGuard& rule);
std::unique_ptr<Guard> guard_for(const OutageGuard& rule);

}  // namespace weir::rollout
