#pragma once
#include <vector>

#include "model/rollout_policy.h"
#include "settings/section.h"

namespace weir::settings {

/// The steps of a rollout: as listed in `steps`, made by the rule of `ramp`, or the default.
std::vector<Step> read_ramp(const Section& rollout);

}  // namespace weir::settings
