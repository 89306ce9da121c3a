#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "model/instant.h"

namespace weir::upstream {

/// Spreads the starts of health checks: so many in a second at the most, whoever asks, in
/// the order they ask. A load of many pools does not burst, and checks that are configured
/// to come faster than that come later than their interval instead. Pure.
class CheckPace {
 public:
  explicit CheckPace(std::uint32_t per_second) { adopt(per_second); }
  void adopt(std::uint32_t per_second) noexcept {
    gap_ = std::chrono::nanoseconds(std::chrono::seconds(1)) / std::max(1U, per_second);
  }

  /// When the check that is due at `now` may start: taken, until it is given back.
  Instant take(Instant now) noexcept {
    const auto start = std::max(now, free_from_);
    free_from_ = start + gap_;
    return start;
  }
  /// A check that was to start later does not: those who ask from now on come earlier.
  void give_back() noexcept { free_from_ -= gap_; }

  /// How late a check that is due at `now` would start.
  Milliseconds delay(Instant now) const noexcept {
    return std::chrono::ceil<Milliseconds>(
        std::max(free_from_ - now, Instant::duration(Instant::duration::zero())));
  }

 private:
  std::chrono::nanoseconds gap_{};
  Instant free_from_{};
};

}  // namespace weir::upstream
