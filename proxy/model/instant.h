#pragma once
#include <chrono>

namespace weir {

/// A point on the monotonic clock. Only `net/clock.h` reads that clock; every
/// other part is handed the time, so that tests decide what time it is.
using Instant = std::chrono::steady_clock::time_point;

using Milliseconds = std::chrono::milliseconds;
using Microseconds = std::chrono::microseconds;

/// A point of the calendar, UTC. For what people or a restart must find again; never for how
/// long something takes: this clock may be set.
using WallTime = std::chrono::sys_time<Milliseconds>;

}  // namespace weir
