#pragma once
#include <chrono>
#include <cstdint>

#include "model/instant.h"

namespace weir::net {

/// The only place that reads the clocks; everybody else is handed the time.
inline Instant now() noexcept { return std::chrono::steady_clock::now(); }

/// Milliseconds since the Unix epoch, for logs, events and the state file.
inline std::int64_t unix_ms() noexcept {
  return std::chrono::duration_cast<Milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace weir::net
