#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "forwarding/refusal.h"
#include "http/fault.h"
#include "model/instant.h"

namespace weir::forwarding {

/// Which refusals the log tells of: of each reason the first in an interval, with how many
/// went untold before it. Whoever is refused a thousand times a second writes no log of it.
/// One for all workers; any thread, without a lock. The metric counts them all.
class RefusalLog {
 public:
  /// How many of that reason went untold since the last one; nothing: nor is this one told.
  std::optional<std::uint64_t> admit(http::Fault fault, Instant now,
                                     Milliseconds interval) noexcept {
    return faults_[static_cast<std::size_t>(fault)].admit(now, interval);
  }
  std::optional<std::uint64_t> admit(Refusal refusal, Instant now, Milliseconds interval) noexcept {
    return refusals_[static_cast<std::size_t>(refusal)].admit(now, interval);
  }

 private:
  class Reason {
   public:
    std::optional<std::uint64_t> admit(Instant now, Milliseconds interval) noexcept;

   private:
    std::atomic<Instant::rep> next_{Instant::min().time_since_epoch().count()};
    std::atomic<std::uint64_t> untold_{0};
  };
  std::array<Reason, http::fault_count> faults_;
  std::array<Reason, refusal_count> refusals_;
};

}  // namespace weir::forwarding
