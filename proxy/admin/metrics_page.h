#pragma once
#include <prometheus/collectable.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "admin/metrics_reading.h"
#include "model/version.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// Where the page gets what the rollout loop does not know. Both are called on the
/// control thread, once for each scrape.
struct MetricsSource {
  std::function<ProcessCounts()> process;
  std::function<PoolCounters(const std::string& service, Version version)> pool;
};

/// Families with the prefix weir_. Labels: service, version (blue, green), code_class and
/// what a name itself says; never path, client or pod. Roles change hands, so they label
/// no counter: join with weir_version_role.
std::vector<prometheus::MetricFamily> metric_families(const MetricsReading& reading);

/// The /metrics page. Counts transitions for as long as it lives. Control thread only.
class MetricsPage : public prometheus::Collectable {
 public:
  MetricsPage(rollout_loop::RolloutLoop& loop, MetricsSource source,
              std::function<AdminCounts()> admin);
  ~MetricsPage() override { loop_.events().unsubscribe(subscription_); }
  MetricsPage(const MetricsPage&) = delete;
  MetricsPage& operator=(const MetricsPage&) = delete;

  std::vector<prometheus::MetricFamily> Collect() const override;
  /// Text format 0.0.4. Written down where it is read, or, with more than a few services, on
  /// another thread: a thousand come to megabytes. Such a page is kept for a while, two seconds at
  /// most, so that however many ask for it a hundredth of a core writes it.
  boost::asio::awaitable<std::string> text() const;

 private:
  MetricsReading read() const;

  rollout_loop::RolloutLoop& loop_;
  const MetricsSource source_;
  const std::function<AdminCounts()> admin_;
  TransitionCounts transitions_;
  mutable boost::asio::thread_pool writer_{1};
  mutable std::string kept_;
  mutable Instant kept_until_ = Instant::min();
  std::uint64_t subscription_;
};

}  // namespace weir::admin
