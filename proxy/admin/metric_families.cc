#include "admin/metric_families.h"

#include <algorithm>
#include <limits>

namespace weir::admin {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric& MetricFamilies::add(std::string_view name, std::string_view help, MetricType type,
                                  Labels labels) {
  auto family = std::find_if(families_.begin(), families_.end(),
                             [name](const MetricFamily& each) { return each.name == name; });
  if (family == families_.end()) {
    families_.push_back({std::string(name), std::string(help), type, {}});
    family = families_.end() - 1;
  }
  family->metric.emplace_back();
  family->metric.back().label = std::move(labels);
  return family->metric.back();
}

void MetricFamilies::counter(std::string_view name, std::string_view help, Labels labels,
                             std::uint64_t value) {
  add(name, help, MetricType::Counter, std::move(labels)).counter.value =
      static_cast<double>(value);
}

void MetricFamilies::gauge(std::string_view name, std::string_view help, Labels labels,
                           double value) {
  add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
}

void MetricFamilies::durations(std::string_view name, std::string_view help, Labels labels,
                               const outcomes::LatencyBuckets& buckets, std::uint64_t sum_ns) {
  auto& histogram = add(name, help, MetricType::Histogram, std::move(labels)).histogram;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < outcomes::latency_buckets; ++i) {
    below += buckets[i];
    const bool last = i == outcomes::latency_bounds_ms.size();
    histogram.bucket.push_back({below, last ? std::numeric_limits<double>::infinity()
                                            : outcomes::latency_bounds_ms[i] / 1000.0});
  }
  // Of the buckets themselves: workers count on while they are read.
  histogram.sample_count = below;
  histogram.sample_sum = static_cast<double>(sum_ns) / 1e9;
}

}  // namespace weir::admin
