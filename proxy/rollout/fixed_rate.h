#pragma once
#include <array>
#include <cstdint>

#include "rollout/capital.h"
#include "rollout/start_schedule.h"

namespace weir::rollout {

/// Evidence that canary fails more often than a rate, for when stable serves nothing any more
/// and there is no control: Wald's sequential probability ratio test (Ann. Math. Stat. 16, 1945)
/// of `rate` against max(2·rate, rate + 1 %), against all but everything failing, and against
/// the middle of the two, since any of the starts of `StartSchedule`. That the rate stays what
/// it was is an assumption here: an outage of everything looks like canary's.
class FixedRate {
 public:
  /// `rate`: that a good canary does not exceed; taken as at least 1e-6 and at most 0.9.
  /// `coin`: as for `RiskRatio`.
  FixedRate(double rate, double coin) noexcept;
  void observe(std::uint64_t requests, std::uint64_t bad) noexcept;
  double rate() const noexcept { return rate_; }
  double log_evidence() const noexcept { return capital_.log_total(); }

 private:
  static constexpr std::size_t bets = 3;
  double rate_;
  double coin_;
  std::array<double, bets> of_bad_{}, of_good_{};  ///< log factors of one exchange
  StartSchedule starts_;
  Capital<bets> capital_;
};

}  // namespace weir::rollout
