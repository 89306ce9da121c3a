#pragma once
#include "model/plan.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads services[].pools.*
PoolPlan read_pool(const Section& section);

}  // namespace weir::settings
