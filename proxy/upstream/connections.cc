#include "upstream/connections.h"

#include <algorithm>

namespace weir::upstream {

std::uint32_t Connections::load(EndpointId endpoint) const {
  const auto found = endpoints_.find(endpoint);
  return found == endpoints_.end() ? 0 : found->second.in_flight;
}

bool Connections::has_just_failed(EndpointId endpoint) const {
  const auto found = endpoints_.find(endpoint);
  return found != endpoints_.end() && found->second.consecutive_failures > 0;
}

const Endpoint* Connections::usable_besides(const PoolView& pool, EndpointId avoided) {
  const auto start = random_();
  const auto count = pool.endpoints.size();
  const Endpoint* doubtful = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& endpoint = pool.endpoints[(start + i) % count];
    if (!endpoint.usable() || endpoint.id == avoided) continue;
    if (!has_just_failed(endpoint.id)) return &endpoint;
    doubtful = &endpoint;
  }
  return doubtful;
}

const Endpoint* Connections::choose(const PoolView& pool, EndpointId avoided) {
  const auto count = pool.candidates.size();
  if (count == 0) return nullptr;
  if (avoided != 0) {
    if (const auto* endpoint = usable_besides(pool, avoided)) return endpoint;
  }
  const auto bits = random_();
  const auto first = static_cast<std::size_t>(bits & 0xffffffff) % count;
  // The second is drawn from the others, so that two choices are always two endpoints.
  const auto step = count > 1 ? 1 + static_cast<std::size_t>(bits >> 32) % (count - 1) : 0;
  const auto& a = pool.endpoints[pool.candidates[first]];
  const auto& b = pool.endpoints[pool.candidates[(first + step) % count]];
  return load(b.id) < load(a.id) ? &b : &a;
}

std::optional<Connection> Connections::take_idle(EndpointId endpoint, Milliseconds limit,
                                                 Instant now) {
  const auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end() || found->second.idle.empty()) return std::nullopt;
  auto& idle = found->second.idle;
  if (now - idle.back().since > limit) {
    idle.clear();  // the youngest is too old, so all are
    return std::nullopt;
  }
  Connection connection{std::move(idle.back().socket), true};
  idle.pop_back();
  return connection;
}

bool Connections::keep(EndpointId endpoint, net::Stream socket, std::uint32_t max_idle,
                       Instant now) {
  auto& idle = endpoints_[endpoint].idle;
  if (idle.size() >= max_idle) return false;
  idle.push_back({std::move(socket), now});
  return true;
}

void Connections::sweep(const LimitOf& limit_of, Instant now) {
  for (auto it = endpoints_.begin(); it != endpoints_.end();) {
    auto& [id, endpoint] = *it;
    const auto limit = limit_of(endpoint.pool, id);
    if (!limit) {
      endpoint.idle.clear();
      it = endpoint.in_flight == 0 ? endpoints_.erase(it) : std::next(it);
      continue;
    }
    std::erase_if(endpoint.idle, [&](const auto& idle) { return now - idle.since > *limit; });
    ++it;
  }
}

std::size_t Connections::idle_count() const noexcept {
  std::size_t count = 0;
  for (const auto& [id, endpoint] : endpoints_) count += endpoint.idle.size();
  return count;
}

}  // namespace weir::upstream
