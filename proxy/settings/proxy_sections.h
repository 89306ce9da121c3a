#pragma once
#include "model/plan.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads all that concerns the proxy as a whole, which is everything but `services`.
void read_proxy(const Section& root, Plan& plan);

}  // namespace weir::settings
