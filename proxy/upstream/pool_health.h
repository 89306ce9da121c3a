#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/endpoint.h"
#include "model/instant.h"
#include "model/plan.h"

namespace weir::upstream {

/// What the active checks say of one endpoint. The first result decides at once;
/// afterwards `rise` passes or `fall` failures in a row do. Pure.
class EndpointCheckState {
 public:
  /// True where the health changed. A `rise` or `fall` of 0 counts as 1.
  bool record(bool passed, const HealthCheck& plan) noexcept;
  /// unknown, healthy or unhealthy.
  EndpointHealth health() const noexcept { return health_; }

 private:
  EndpointHealth health_ = EndpointHealth::unknown;
  std::uint32_t against_ = 0;  ///< results in a row that contradict `health_`
};

/// The view of one colour. Candidates are the usable endpoints or, in panic (less than
/// `plan.panic_below` of them are usable), all of that colour with their health unchanged,
/// so that a retry can still prefer a usable one.
PoolView make_pool_view(std::vector<Endpoint> endpoints, const PoolPlan& plan);

/// `interval` ± `jitter`, uniform for uniform `random`. Never below 1 ms.
Milliseconds jittered(Milliseconds interval, Weight jitter, std::uint64_t random) noexcept;

/// When the endpoint at `position` of its pool is first checked: the first at once, each
/// next 10 ms later, all within one interval.
Milliseconds first_check_after(std::size_t position, Milliseconds interval) noexcept;

}  // namespace weir::upstream
