#include "rollout/failure_streak.h"

#include <cmath>

#include "rollout/confidence.h"

namespace weir::rollout {

void FailureStreak::observe(const outcomes::EvidenceCounts& stable,
                            const outcomes::EvidenceCounts& canary) noexcept {
  if (canary.errors < canary.requests) {
    length_ = 0;
    meanwhile_ = {};
  } else if (length_ > 0 || canary.requests > 0) {
    length_ += canary.requests;
    meanwhile_ += stable;
  }
}

bool is_beyond_chance(const FailureStreak& streak, double chance) {
  constexpr double doubt = 0.01;
  const auto& stable = streak.meanwhile();
  return is_beyond_chance(streak, upper_bound(stable.errors, stable.requests, doubt), chance);
}

bool is_beyond_chance(const FailureStreak& streak, double rate, double chance) noexcept {
  return std::pow(rate, static_cast<double>(streak.length())) < chance;
}

}  // namespace weir::rollout
