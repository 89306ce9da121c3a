#include "rollout/traffic_share.h"

#include <algorithm>
#include <cmath>

namespace weir::rollout {

double TrafficShare::observe(const outcomes::Observation& observation, Instant now) noexcept {
  constexpr double deviations = 2, most_canary = 4'000;
  if (observation.weight != weight_) requests_ = canary_ = 0;
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
  const double beyond_chance = canary_ - deviations * std::sqrt(canary_);
  return std::max(highest_.ratio(), beyond_chance <= 0 ? 0 : beyond_chance / requests_);
}

}  // namespace weir::rollout
