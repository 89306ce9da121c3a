#include "forwarding/tunnels.h"

namespace weir::forwarding {
namespace {

const routing::ServiceRoute* find(const routing::RoutingSnapshot& snapshot,
                                  std::size_t index) noexcept {
  for (const auto& service : snapshot.services) {
    if (service->index == index) return service.get();
  }
  return nullptr;
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
  const auto* route = find(snapshot, service);
  if (route == nullptr) return false;
  return version == route->stable ? route->weight < Weight::all() : route->weight > Weight::none();
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
  judge(tunnel, snapshot, now);
  if (drain_) tunnel.close_by(now + stay_in_drain(*drain_, random_()));
}

void Tunnels::routes_changed(const routing::RoutingSnapshot& snapshot, Instant now) {
  for (auto& tunnel : tunnels_) judge(tunnel, snapshot, now);
}

void Tunnels::judge(Tunnel& tunnel, const routing::RoutingSnapshot& snapshot, Instant now) {
  if (tunnel.preview()) return;
  if (serves_new_clients(snapshot, tunnel.service(), tunnel.version())) {
    tunnel.traffic_came_back();
    return;
  }
  const auto* route = find(snapshot, tunnel.service());
  const auto plan = route != nullptr ? route->plan->tunnels : tunnel.plan();
  tunnel.traffic_lost(now + stay_after_switch(plan, random_()));
}

void Tunnels::drain(Milliseconds deadline, Instant now) {
  drain_ = deadline;
  for (auto& tunnel : tunnels_) tunnel.close_by(now + stay_in_drain(deadline, random_()));
}

}  // namespace weir::forwarding
