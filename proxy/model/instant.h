#pragma once
#include <chrono>

namespace weir {

/// A point on the monotonic clock. Only `net/clock.h` reads that clock; every
/// other part is handed the time, so that tests decide what time it is.
using Instant = std::chrono::steady_clock::time_point;

using Milliseconds = std::chrono::milliseconds;

}  // namespace weir
