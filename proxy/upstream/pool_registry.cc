#include "upstream/pool_registry.h"

#include <algorithm>
#include <utility>

namespace weir::upstream {

PoolRegistry::PoolRegistry(boost::asio::io_context& context, OnChange on_change, Resolve resolve,
                           std::uint64_t seed)
    : on_change_(std::move(on_change)),
      surroundings_{context, std::move(resolve), std::mt19937_64(seed)} {}

void PoolRegistry::apply(const Plan& plan, const std::shared_ptr<const net::TlsClients>& tls) {
  std::erase_if(services_, [&](const auto& entry) {
    return std::ranges::find(plan.services, entry.first, &ServicePlan::name) == plan.services.end();
  });
  for (const auto& service : plan.services) {
    auto& pools = services_[service.name];
    if (!pools[Version::blue]) pools = make_pools(service.name);
    const auto* clients = tls && tls->contains(service.name) ? &tls->at(service.name) : nullptr;
    for (const auto version : both_versions) {
      pools[version]->apply(service.pools[version], clients ? (*clients)[version] : nullptr);
    }
  }
}

PoolRegistry::Pools PoolRegistry::make_pools(const std::string& service) {
  Pools pools;
  for (const auto version : both_versions) {
    const auto label = service + "/" + std::string(name_of(version));
    pools[version] = std::make_unique<WatchedPool>(
        surroundings_, label,
        [this, service, version](const PoolViewPtr& view) { on_change_(service, version, view); });
  }
  return pools;
}

const WatchedPool* PoolRegistry::find(const std::string& service, Version version) const {
  const auto found = services_.find(service);
  return found == services_.end() ? nullptr : found->second[version].get();
}

void PoolRegistry::report_failures(const std::string& service, Version version,
                                   EndpointId endpoint) {
  const auto found = services_.find(service);
  if (found != services_.end()) found->second[version]->report_failures(endpoint);
}

PoolViewPtr PoolRegistry::view(const std::string& service, Version version) const {
  const auto* pool = find(service, version);
  return pool ? pool->view() : std::make_shared<const PoolView>();
}

PoolStatus PoolRegistry::status(const std::string& service, Version version) const {
  const auto* pool = find(service, version);
  return pool ? pool->status() : PoolStatus{};
}

bool PoolRegistry::looked_at() const {
  return std::ranges::all_of(services_, [](const auto& entry) {
    const auto& pools = entry.second;
    return pools[Version::blue]->looked_at() && pools[Version::green]->looked_at();
  });
}

void PoolRegistry::stop() {
  for (const auto& [name, pools] : services_) {
    for (const auto version : both_versions) pools[version]->stop();
  }
}

}  // namespace weir::upstream
