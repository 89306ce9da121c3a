#pragma once
#include "model/endpoint.h"
#include "model/plan.h"
#include "rollout/conditions.h"
#include "rollout/guard.h"

namespace weir::rollout_loop {

rollout::PoolHealth health_of(const PoolView& pool) noexcept;

/// `pools`: never null. `load`: requests/s of both versions.
rollout::Conditions conditions_of(const ServicePlan& plan, const PerVersion<PoolViewPtr>& pools,
                                  double load, WallTime now);

}  // namespace weir::rollout_loop
