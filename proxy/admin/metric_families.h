#pragma once
#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "outcomes/tally.h"

namespace weir::admin {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// Metric families under construction, in the order first named.
class MetricFamilies {
 public:
  void counter(std::string_view name, std::string_view help, Labels labels, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, Labels labels, double value);
  /// Durations by the buckets of `outcomes::latency_bounds_ms`, and their sum; in seconds.
  void durations(std::string_view name, std::string_view help, Labels labels,
                 const outcomes::LatencyBuckets& buckets, std::uint64_t sum_ns);

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  prometheus::ClientMetric& add(std::string_view name, std::string_view help,
                                prometheus::MetricType type, Labels labels);
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace weir::admin
