#include "upstream/pool_registry.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "net/clock.h"

namespace weir::upstream {

PoolRegistry::PoolRegistry(boost::asio::io_context& context, OnChange on_change, Resolve resolve,
                           std::uint64_t seed)
    : on_change_(std::move(on_change)),
      surroundings_{context, std::move(resolve), std::mt19937_64(seed)} {}

void PoolRegistry::apply(const Plan& plan, const std::shared_ptr<const net::TlsClients>& tls) {
  surroundings_.pace.adopt(plan.checks_per_second);
  std::set<std::string_view> kept;
  for (const auto& service : plan.services) kept.insert(service.name);
  std::erase_if(services_, [&](const auto& entry) { return !kept.contains(entry.first); });
  for (const auto& service : plan.services) take_over(service, tls.get());
}

void PoolRegistry::take_over(const ServicePlan& service, const net::TlsClients* tls) {
  auto& pools = services_[service.name];
  if (!pools[Version::blue]) pools = make_pools(service.name);
  const auto* clients = tls && tls->contains(service.name) ? &tls->at(service.name) : nullptr;
  for (const auto version : both_versions) {
    pools[version]->apply(service.pools[version], clients ? (*clients)[version] : nullptr);
  }
}

void PoolRegistry::begin(std::shared_ptr<const Plan> plan,
                         std::shared_ptr<const net::TlsClients> tls) {
  surroundings_.pace.adopt(plan->checks_per_second);
  take_over_.emplace(TakeOver{std::move(plan), std::move(tls)});
  for (const auto& [name, pools] : services_) take_over_->unseen.insert(name);
}

bool PoolRegistry::go_on(Milliseconds at_most) {
  auto& [plan, tls, next, unseen, ahead] = *take_over_;
  for (const auto until = net::now() + at_most; net::now() < until;) {
    if (next == plan->services.size()) {
      if (unseen.empty()) return true;
      services_.erase(*unseen.begin());
      unseen.erase(unseen.begin());
      continue;
    }
    const auto& service = plan->services[next++];
    unseen.erase(service.name);
    ahead.insert(service.name);
    take_over(service, tls.get());
  }
  return false;
}

void PoolRegistry::finish() { take_over_.reset(); }

PoolRegistry::Pools PoolRegistry::make_pools(const std::string& service) {
  Pools pools;
  for (const auto version : both_versions) {
    const auto label = service + "/" + std::string(name_of(version));
    pools[version] = std::make_unique<WatchedPool>(
        surroundings_, label, [this, service, version](const PoolViewPtr& view) {
          if (take_over_ && take_over_->ahead.contains(service)) return;
          on_change_(service, version, view);
        });
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

PoolStatus PoolRegistry::totals(const std::string& service, Version version) const {
  const auto* pool = find(service, version);
  return pool ? pool->totals() : PoolStatus{};
}

Milliseconds PoolRegistry::check_delay() const { return surroundings_.pace.delay(net::now()); }

void PoolRegistry::stop() {
  for (const auto& [name, pools] : services_) {
    for (const auto version : both_versions) pools[version]->stop();
  }
}

}  // namespace weir::upstream
