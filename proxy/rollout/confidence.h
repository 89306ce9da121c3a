#pragma once
#include <cstdint>

namespace weir::rollout {

/// What a count says of the rate behind it, exactly (Clopper & Pearson, Biometrika 26, 1934).
/// More bad than requests count as all bad.

/// Whether the rate is at most `limit`, with confidence 1 − `beta`. Of nothing: no.
bool is_at_most(std::uint64_t bad, std::uint64_t requests, double limit, double beta);

/// The rate that is not exceeded with confidence 1 − `beta`, 0–1. Of nothing: 1.
double upper_bound(std::uint64_t bad, std::uint64_t requests, double beta);

}  // namespace weir::rollout
