#include "rollout_loop/conditions.h"

namespace weir::rollout_loop {

rollout::PoolHealth health_of(const PoolView& pool) noexcept {
  return {pool.healthy, static_cast<std::uint32_t>(pool.endpoints.size())};
}

rollout::Conditions conditions_of(const ServicePlan& plan, const PerVersion<PoolViewPtr>& pools,
                                  double load, WallTime now) {
  rollout::Conditions conditions{now, load, {}};
  for (const auto version : both_versions) {
    const auto health = health_of(*pools[version]);
    conditions.pools[version] = {health.healthy, health.total, plan.pools[version].capacity};
  }
  return conditions;
}

}  // namespace weir::rollout_loop
