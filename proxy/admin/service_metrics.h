#pragma once
#include "admin/metric_families.h"
#include "admin/metrics_reading.h"
#include "rollout_loop/service_status.h"

namespace weir::admin {

/// Everything /metrics shows of one service: its exchanges and pools by version, its
/// rollout, each guard's evidence, what it mirrors, and its transitions by kind.
void add_service(MetricFamilies& families, const rollout_loop::ServiceStatus& status,
                 const PerVersion<PoolCounters>& pools, const TransitionCounts& transitions);

}  // namespace weir::admin
