#pragma once
#include <array>
#include <cstdint>

#include "rollout/capital.h"
#include "rollout/start_schedule.h"

namespace weir::rollout {

/// Bad exchanges of some span of time, and what they came from.
struct BadCounts {
  std::uint64_t stable_bad = 0;
  std::uint64_t canary_bad = 0;
  std::uint64_t canary_requests = 0;
};

/// Evidence that canary fails more often than stable, from who failed alone: where both are
/// equally good, each error falls on the canary with the probability of its share of the
/// traffic, whatever the rate of errors is and however it changes. An outage of both cancels
/// out, a change of weight changes the share. (Conditional risk ratio: Lindon & Malek, NeurIPS
/// 2022, arXiv 2011.03567; in canaries: arXiv 2205.14762.)
///
/// Bets on a canary that is 1.25 to 50 times as bad as tolerated, since any of the starts of
/// `StartSchedule`. The order of errors within an observation is of no account.
class RiskRatio {
 public:
  static constexpr std::array<double, 8> ratios{1.25, 1.5, 2, 3, 5, 10, 20, 50};
  /// Of the capital: a small difference takes thousands of requests whatever is bet on it.
  static constexpr std::array<double, 8> parts{0.03, 0.06, 0.15, 0.24, 0.15, 0.13, 0.12, 0.12};

  /// `tolerance`: times as bad as stable is still as good; 1 or more.
  /// `coin`: the part of the whole capital that this test has; above 0, at most 1.
  RiskRatio(double tolerance, double coin) noexcept;

  /// `canary_share`: at least the probability that an exchange of this span was canary's,
  /// known before it was known who failed; 0–1. At 1 nothing can be won or lost.
  void observe(const BadCounts& seen, double canary_share) noexcept;

  /// The share was `actual` rather than `assumed` for the last so many errors: takes back what
  /// was won by that. Bets that began in between lose more than they won.
  void correct(std::uint64_t errors, double assumed, double actual) noexcept;

  double log_evidence() const noexcept { return capital_.log_total(); }

 private:
  using PerBet = std::array<double, ratios.size()>;
  /// Of one error, whoever failed: log(1 − w + ρw).
  PerBet costs_at(double canary_share) const noexcept;

  double tolerance_;
  double coin_;
  double share_ = -1;  ///< that `costs_` are of
  PerBet costs_{};
  StartSchedule starts_;
  Capital<ratios.size()> capital_;
};

}  // namespace weir::rollout
