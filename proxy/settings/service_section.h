#pragma once
#include <optional>
#include <vector>

#include "model/plan.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads `services`, and compares them with one another. `response`: see `read_rollout`.
std::vector<ServicePlan> read_services(const Section& root, std::optional<Milliseconds> response);

}  // namespace weir::settings
