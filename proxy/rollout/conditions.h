#pragma once
#include <cstdint>
#include <optional>

#include "model/instant.h"
#include "model/version.h"

namespace weir::rollout {

/// What one pool can take.
struct PoolCapacity {
  std::uint32_t healthy = 0;       ///< endpoints
  std::uint32_t total = 0;         ///< endpoints
  std::uint32_t per_endpoint = 0;  ///< requests/s; 0: not stated
};

/// What a decision depends on besides the guards, as it is now: what may stand against a rise in
/// weight, and what slow is.
struct Conditions {
  WallTime wall_clock{};
  double load = 0;  ///< requests/s of both versions
  PerVersion<PoolCapacity> pools{};
  std::optional<Microseconds> stable_p95{};  ///< of its latency; nothing: too little is known
};

}  // namespace weir::rollout
