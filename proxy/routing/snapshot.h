#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "model/endpoint.h"
#include "model/instant.h"
#include "model/plan.h"
#include "model/version.h"
#include "model/weight.h"
#include "routing/host_index.h"
#include "routing/split.h"

namespace weir::routing {

/// One service as a worker sees it: what was configured, and where its rollout
/// and pools stand. Immutable once published.
struct ServiceRoute {
  std::size_t index = 0;  ///< names the service's tallies; never reused while the process runs
  std::shared_ptr<const ServicePlan> plan;
  std::uint64_t epoch = 0;
  Version stable = Version::blue;
  Weight weight;
  PerVersion<PoolViewPtr> pools;            ///< never null
  std::optional<Microseconds> slower_than;  ///< an exchange above is slow; nothing: none is
  bool measures_latency = false;            ///< how long each exchange took is counted in detail

  Version canary() const noexcept { return other(stable); }
  WeightedSplit split() const noexcept { return {stable, weight}; }
  std::string_view salt() const noexcept { return plan->salt.empty() ? plan->name : plan->salt; }
};

/// Everything a worker routes by. Immutable: published whole, read without locks.
struct RoutingSnapshot {
  std::shared_ptr<const Plan> plan;
  std::vector<std::shared_ptr<const ServiceRoute>> services;
  std::shared_ptr<const HostIndex> hosts;  ///< positions in `services`

  /// `host`: the Host field, any case, with or without port. `path`: without query.
  /// Null where no service takes it.
  const ServiceRoute* find(std::string_view host, std::string_view path) const noexcept;
};

}  // namespace weir::routing
