#pragma once
#include <chrono>
#include <cstdint>

#include "model/instant.h"

namespace weir::net {

/// The only place that reads the clocks; everybody else is handed the time.
inline Instant now() noexcept { return std::chrono::steady_clock::now(); }

inline WallTime wall_clock() noexcept {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

/// Milliseconds since the Unix epoch, for logs, events and the state file.
inline std::int64_t unix_ms() noexcept { return wall_clock().time_since_epoch().count(); }

}  // namespace weir::net
