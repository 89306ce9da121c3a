#pragma once
#include <cstdint>

#include "model/instant.h"
#include "model/version.h"

namespace weir::rollout {

/// What one pool can take.
struct PoolCapacity {
  std::uint32_t healthy = 0;       ///< endpoints
  std::uint32_t total = 0;         ///< endpoints
  std::uint32_t per_endpoint = 0;  ///< requests/s; 0: not stated
};

/// What may stand against a rise in weight, as it is now.
struct Conditions {
  WallTime wall_clock{};
  double load = 0;  ///< requests/s of both versions
  PerVersion<PoolCapacity> pools{};
};

}  // namespace weir::rollout
