#pragma once
#include <chrono>
#include <cstdint>
#include <string_view>

#include "model/version.h"

namespace weir::outcomes {

/// How an exchange with one version ended.
enum class Ending : std::uint8_t {
  answered,        ///< a complete response reached the client
  connect_failed,  ///< no connection to any endpoint tried
  reset,           ///< closed or broken framing before the response was complete
  timed_out,       ///< no response head in time, or its body stalled
  overflow,        ///< refused by Weir itself: the pool had no room
  client_aborted,  ///< the client went away first
};

/// "answered", "connect_failed", …
std::string_view name_of(Ending ending) noexcept;

/// One finished exchange with one version. A shielded request yields two: the
/// failed one of canary and the answered one of stable.
struct Outcome {
  Ending ending = Ending::answered;
  std::uint16_t status = 0;             ///< 0: no response head arrived
  std::chrono::nanoseconds latency{0};  ///< request head read to response complete
  bool preview = false;                 ///< forced to canary by header or cookie
  bool current_epoch = true;            ///< began under the epoch that is still in force
};

/// A version's failure: a gateway failure, or a 5xx the application answered.
bool is_error(const Outcome& outcome) noexcept;

/// Whether the outcome may speak for or against its version. Client aborts,
/// preview traffic, Weir's own overflow and earlier epochs never do.
bool is_evidence(const Outcome& outcome) noexcept;

}  // namespace weir::outcomes
