#pragma once
#include <memory>

#include "model/rollout_policy.h"
#include "rollout/guard.h"

namespace weir::rollout {

/// One guard for each kind of rule; fresh, without evidence.
std::unique_ptr<Guard> guard_for(const ErrorGuard& rule);
std::unique_ptr<Guard> guard_for(const LatencyGuard& rule);
std::unique_ptr<Guard> guard_for(const HealthGuard& rule);

}  // namespace weir::rollout
