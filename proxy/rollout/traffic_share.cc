#include "rollout/traffic_share.h"

#include <algorithm>
#include <cmath>

namespace weir::rollout {

double TrafficShare::observe(const outcomes::Observation& observation, Instant now) noexcept {
  constexpr double deviations = 2, few = 1, most_canary = 4'000;
  if (observation.weight != weight_) {
    requests_ = canary_ = 0;
    found_more_ = false;
  }
  weight_ = observation.weight;
  if (weight_ >= highest_ || now - highest_at_ > memory_) {
    highest_ = weight_;
    highest_at_ = now;
  }
  canary_ += static_cast<double>(observation.canary.requests);
  requests_ += static_cast<double>(observation.canary.requests + observation.stable.requests);
  if (canary_ > most_canary) {
    requests_ /= 2;
    canary_ /= 2;
  }
  const double share = highest_.ratio();
  const double chance = few + deviations * std::sqrt(requests_ * share * (1 - share));
  const bool beyond_chance = canary_ > share * requests_ + chance;
  just_found_more_ = beyond_chance && !found_more_;
  found_more_ = found_more_ || beyond_chance;
  return beyond_chance ? canary_ / requests_ : share;
}

}  // namespace weir::rollout
