#pragma once
#include <cstdint>

namespace weir::rollout {

/// When bets begin, and with how much: a fault may begin in the middle of a rollout, and capital
/// that was lost on healthy hours would have to be won back first (mixture over change points,
/// as in e-detectors: Shin, Ramdas, Rinaldo, arXiv 2203.03532).
///
/// Starts are counted in canary requests, apart by 20 or a thousandth of all so far, whichever is
/// more: no length of the rollout must be known, and a bet on a large fault, which loses its
/// capital within a few healthy requests, is never far from a fresh start. Half of the capital
/// begins at once, four tenths over the next 999 starts (20,000 requests), a tenth over all that
/// ever follow.
class StartSchedule {
 public:
  static constexpr double first_share = 0.5;

  /// The share of the capital that begins within `requests` more; 0: none. The first share
  /// began before any.
  double pass(std::uint64_t requests) noexcept;

 private:
  static constexpr std::uint64_t shortest = 20;
  std::uint64_t requests_ = 0;
  std::uint64_t next_ = shortest;
  std::uint64_t begun_ = 1;
};

}  // namespace weir::rollout
