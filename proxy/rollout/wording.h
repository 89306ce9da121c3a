#pragma once
#include <cstdint>
#include <string>

#include "model/rollout_policy.h"
#include "rollout/state.h"

namespace weir::rollout {

/// "12.5%"; at most two decimals. `ratio`: 0 or more, above one is allowed.
std::string ratio_text(double ratio);

/// "12.5% (5/40)"; of nothing: "0% (0/0)".
std::string share_text(std::uint64_t part, std::uint64_t whole);

/// "0.41", "12.5", "5029", "1.23e+06": three digits, and whole numbers up to a million.
std::string amount_text(double amount);

/// "30 s", "1500 ms", "5.38 ms".
std::string duration_text(Microseconds duration);

/// "step 2 of 4, 25%"; "step 4 of 4, 99%, 1% held back".
std::string place_text(const RolloutState& state, const RolloutPolicy& policy);

}  // namespace weir::rollout
