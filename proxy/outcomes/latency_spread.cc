#include "outcomes/latency_spread.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <new>
#include <numeric>

namespace weir::outcomes {
namespace {

constexpr std::size_t per_doubling = 16;
constexpr std::uint64_t longest_us = (std::uint64_t{1} << 32) - 1;

template <class Change>
void each(LatencySpread& spread, const LatencySpread& other, Change change) noexcept {
  for (std::size_t i = 0; i < LatencySpread::buckets; ++i) {
    change(spread.counts[i], other.counts[i]);
  }
}

}  // namespace

// The leading five bits of a number of microseconds and their place: below 32, itself.
std::size_t LatencySpread::bucket_of(std::chrono::nanoseconds latency) noexcept {
  const auto us = std::chrono::floor<Microseconds>(latency).count();
  const auto value =
      std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)), longest_us);
  const auto shift =
      static_cast<std::size_t>(std::max(static_cast<int>(std::bit_width(value)) - 5, 0));
  return shift * per_doubling + (value >> shift);
}

Microseconds LatencySpread::end_of(std::size_t bucket) noexcept {
  const auto shift = bucket < 2 * per_doubling ? 0 : bucket / per_doubling - 1;
  const auto leading = bucket - shift * per_doubling;
  return Microseconds(static_cast<std::int64_t>((leading + 1) << shift));
}

std::uint64_t LatencySpread::total() const noexcept {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::optional<Microseconds> LatencySpread::quantile(double share) const noexcept {
  const auto all = total();
  if (all == 0) return std::nullopt;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  while (bucket + 1 < buckets && (seen += counts[bucket]) < wanted) ++bucket;
  return end_of(bucket);
}

std::uint64_t LatencySpread::above(Microseconds bound) const noexcept {
  return std::accumulate(counts.begin() + static_cast<std::ptrdiff_t>(bucket_of(bound)),
                         counts.end(), std::uint64_t{0});
}

LatencySpread& LatencySpread::operator+=(const LatencySpread& more) noexcept {
  each(*this, more, [](std::uint64_t& cell, std::uint64_t other) { cell += other; });
  return *this;
}

LatencySpread LatencySpread::operator-(const LatencySpread& less) const noexcept {
  LatencySpread difference = *this;
  each(difference, less, [](std::uint64_t& cell, std::uint64_t other) { cell -= other; });
  return difference;
}

void LatencyMeter::add(std::chrono::nanoseconds latency) noexcept {
  auto* cells = cells_.load(std::memory_order_relaxed);
  if (cells == nullptr) {
    cells = new (std::nothrow) Cells{};
    if (cells == nullptr) return;
    cells_.store(cells, std::memory_order_release);
  }
  (*cells)[LatencySpread::bucket_of(latency)].add(1);
}

LatencySpread LatencyMeter::read() const noexcept {
  LatencySpread spread;
  const auto* cells = cells_.load(std::memory_order_acquire);
  if (cells == nullptr) return spread;
  for (std::size_t i = 0; i < LatencySpread::buckets; ++i) {
    spread.counts[i] = (*cells)[i].get();
  }
  return spread;
}

void RecentLatencies::read(const LatencySpread& counts, Instant now) {
  latest_ = counts;
  if (marked_at_ && now - *marked_at_ < half_) return;
  before_ = marked_at_ ? mark_ : counts;
  mark_ = counts;
  marked_at_ = now;
}

}  // namespace weir::outcomes
