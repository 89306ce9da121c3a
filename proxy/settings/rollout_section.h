#pragma once
#include <optional>

#include "model/rollout_policy.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads services[].rollout. `response`: timeouts.response, beyond which no exchange is
/// slow but failed; `nullopt` where that is itself a mistake.
RolloutPolicy read_rollout(const Section& section, std::optional<Milliseconds> response);

}  // namespace weir::settings
