#pragma once
#include <cstdint>

#include "outcomes/evidence.h"

namespace weir::rollout {

/// Canary's failures without a success in between: the hard stop beside the evidence. Chance is
/// told from a broken canary by what stable did at the same time: five in a row mean something
/// where stable answers everything, and nothing in an outage of both.
class FailureStreak {
 public:
  /// The order within an observation is not known: one success ends the streak.
  void observe(const outcomes::EvidenceCounts& stable,
               const outcomes::EvidenceCounts& canary) noexcept;
  std::uint64_t length() const noexcept { return length_; }
  /// Stable's part since the streak began.
  const outcomes::EvidenceCounts& meanwhile() const noexcept { return meanwhile_; }

 private:
  std::uint64_t length_ = 0;
  outcomes::EvidenceCounts meanwhile_;
};

/// Whether that many failures in a row are less likely than `chance` where each has at most the
/// rate that stable shows `meanwhile` (99 % confidence).
bool is_beyond_chance(const FailureStreak& streak, double chance);
/// The same at a known rate.
bool is_beyond_chance(const FailureStreak& streak, double rate, double chance) noexcept;

}  // namespace weir::rollout
