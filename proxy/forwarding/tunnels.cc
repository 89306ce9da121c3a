#include "forwarding/tunnels.h"

#include <vector>

namespace weir::forwarding {
namespace {

const routing::ServiceRoute* find(const routing::RoutingSnapshot& snapshot,
                                  std::size_t index) noexcept {
  for (const auto& service : snapshot.services) {
    if (service->index == index) return service.get();
  }
  return nullptr;
}

/// By `ServiceRoute::index`, where many are looked for at once.
std::vector<const routing::ServiceRoute*> by_index(const routing::RoutingSnapshot& snapshot) {
  std::vector<const routing::ServiceRoute*> routes;
  for (const auto& service : snapshot.services) {
    if (service->index >= routes.size()) routes.resize(service->index + 1, nullptr);
    routes[service->index] = service.get();
  }
  return routes;
}

bool has_new_clients(const routing::ServiceRoute* route, Version version) noexcept {
  if (route == nullptr) return false;
  return version == route->stable ? route->weight < Weight::all() : route->weight > Weight::none();
}

/// 0 to `span`.
Milliseconds part_of(Milliseconds span, std::uint64_t random) noexcept {
  return Milliseconds(
      static_cast<Milliseconds::rep>(random % (static_cast<std::uint64_t>(span.count()) + 1)));
}

Milliseconds share_of(Milliseconds span, Weight share) noexcept {
  return Milliseconds(span.count() * share.basis_points() / Weight::whole);
}

}  // namespace

bool serves_new_clients(const routing::RoutingSnapshot& snapshot, std::size_t service,
                        Version version) noexcept {
  return has_new_clients(find(snapshot, service), version);
}

Milliseconds stay_after_switch(const TunnelPlan& plan, std::uint64_t random) noexcept {
  return plan.after_switch - part_of(share_of(plan.after_switch, plan.jitter), random);
}

Milliseconds stay_in_drain(Milliseconds deadline, std::uint64_t random) noexcept {
  return part_of(share_of(deadline, Weight::percent(80)), random);
}

std::optional<Place> Tunnels::place(std::uint32_t most) noexcept {
  return Place::among(taken_, most);
}

void Tunnels::enter(Tunnel& tunnel, const routing::RoutingSnapshot& snapshot, Instant now) {
  tunnels_.push_back(tunnel);
  judge(tunnel, find(snapshot, tunnel.service()), now);
  if (drain_) tunnel.close_by(now + stay_in_drain(*drain_, random_()));
}

void Tunnels::routes_changed(const routing::RoutingSnapshot& snapshot, Instant now) {
  if (tunnels_.empty()) return;
  const auto routes = by_index(snapshot);
  for (auto& tunnel : tunnels_) {
    const auto index = tunnel.service();
    judge(tunnel, index < routes.size() ? routes[index] : nullptr, now);
  }
}

void Tunnels::judge(Tunnel& tunnel, const routing::ServiceRoute* route, Instant now) {
  if (tunnel.preview()) return;
  if (has_new_clients(route, tunnel.version())) {
    tunnel.traffic_came_back();
    return;
  }
  const auto plan = route != nullptr ? route->plan->tunnels : tunnel.plan();
  tunnel.traffic_lost(now + stay_after_switch(plan, random_()));
}

void Tunnels::drain(Milliseconds deadline, Instant now) {
  drain_ = deadline;
  for (auto& tunnel : tunnels_) tunnel.close_by(now + stay_in_drain(deadline, random_()));
}

}  // namespace weir::forwarding
