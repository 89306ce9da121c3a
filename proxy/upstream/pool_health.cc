#include "upstream/pool_health.h"

#include <algorithm>

namespace weir::upstream {

bool EndpointCheckState::record(bool passed, const HealthCheck& plan) noexcept {
  const auto seen = passed ? EndpointHealth::healthy : EndpointHealth::unhealthy;
  const bool first = health_ == EndpointHealth::unknown;
  const auto needed = passed ? plan.rise : plan.fall;
  against_ = seen == health_ ? 0 : against_ + 1;
  if (seen == health_ || (!first && against_ < needed)) return false;
  health_ = seen;
  against_ = 0;
  return true;
}

PoolView make_pool_view(std::vector<Endpoint> endpoints, const PoolPlan& plan) {
  PoolView view;
  view.endpoints = std::move(endpoints);
  const auto total = static_cast<std::uint32_t>(view.endpoints.size());
  for (const auto& endpoint : view.endpoints) view.healthy += endpoint.usable() ? 1 : 0;
  view.panic = std::uint64_t{view.healthy} * Weight::whole <
               std::uint64_t{plan.panic_below.basis_points()} * total;
  for (std::uint32_t i = 0; i < total; ++i) {
    if (view.panic || view.endpoints[i].usable()) view.candidates.push_back(i);
  }
  return view;
}

Milliseconds jittered(Milliseconds interval, Weight jitter, std::uint64_t random) noexcept {
  const auto spread = interval.count() * jitter.basis_points() / Weight::whole;
  const auto choices = static_cast<std::uint64_t>(2 * spread + 1);
  const auto drawn = static_cast<Milliseconds::rep>(random % choices);
  return std::max(Milliseconds(1), interval - Milliseconds(spread) + Milliseconds(drawn));
}

Milliseconds first_check_after(std::size_t position, Milliseconds interval) noexcept {
  constexpr Milliseconds apart{10};
  const auto offset = apart * static_cast<Milliseconds::rep>(position);
  return offset % std::max(Milliseconds(1), interval);
}

}  // namespace weir::upstream
