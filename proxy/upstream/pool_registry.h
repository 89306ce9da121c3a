#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "model/endpoint.h"
#include "model/plan.h"
#include "model/version.h"
#include "net/tls_material.h"
#include "upstream/discovery.h"
#include "upstream/watched_pool.h"

namespace weir::upstream {

/// Every pool of every service. Lives on the one control thread, which runs `context`, and
/// is destroyed before it; workers see only the immutable views it publishes.
class PoolRegistry {
 public:
  /// Called whenever a view changes, from within `apply` too; must not call back into
  /// anything here but `view` and `status`.
  using OnChange =
      std::function<void(const std::string& service, Version version, PoolViewPtr view)>;

  /// `resolve`: scripted in tests. `seed`: of jitter.
  PoolRegistry(boost::asio::io_context& context, OnChange on_change, Resolve resolve = look_up,
               std::uint64_t seed = std::random_device{}());
  PoolRegistry(const PoolRegistry&) = delete;
  PoolRegistry& operator=(const PoolRegistry&) = delete;

  /// Start and reload. Endpoints given as literals are in the view when it returns, names
  /// upon their first answer. What is in both plans keeps its id, health and ejection; a
  /// service that is gone is dropped without a call.
  /// `tls`: towards the pools, for their checks; null: none of them has any.
  void apply(const Plan& plan, const std::shared_ptr<const net::TlsClients>& tls = nullptr);

  /// The same in parts, so that whoever else is on this thread need not wait for a hundred
  /// thousand endpoints. From `begin` to `finish`, pools that were taken over change their
  /// views unannounced: whoever routes by the new plan takes them all at once, before
  /// `finish`.
  void begin(std::shared_ptr<const Plan> plan, std::shared_ptr<const net::TlsClients> tls);
  /// Takes pools over for about that long. True: all of them are.
  bool go_on(Milliseconds at_most);
  void finish();

  /// A worker saw `ejection.consecutive_failures` in a row on the endpoint. Unknown
  /// services and endpoints are ignored: they may have just been removed.
  void report_failures(const std::string& service, Version version, EndpointId endpoint);

  /// Never null: an unknown service has an empty view.
  PoolViewPtr view(const std::string& service, Version version) const;
  PoolStatus status(const std::string& service, Version version) const;
  /// Every name was looked up and every endpoint checked, with whatever result.
  bool looked_at() const;
  PoolStatus totals(const std::string& service, Version version) const;  ///< no endpoints

  /// How late health checks that are due now would start (`limits.checks_per_second`).
  Milliseconds check_delay() const;

  /// Ends checks, lookups and timers; views and status stay readable. Final.
  void stop();

 private:
  using Pools = PerVersion<std::unique_ptr<WatchedPool>>;
  /// Of a plan that is being taken over.
  struct TakeOver {
    std::shared_ptr<const Plan> plan;
    std::shared_ptr<const net::TlsClients> tls;
    std::size_t next = 0;            ///< service of the plan
    std::set<std::string> unseen{};  ///< services that are there and were not met in it
    std::set<std::string> ahead{};   ///< taken over, and nobody was told
  };
  void take_over(const ServicePlan& service, const net::TlsClients* tls);
  Pools make_pools(const std::string& service);
  const WatchedPool* find(const std::string& service, Version version) const;

  const OnChange on_change_;
  PoolSurroundings surroundings_;
  std::map<std::string, Pools> services_;
  std::optional<TakeOver> take_over_;
};

}  // namespace weir::upstream
