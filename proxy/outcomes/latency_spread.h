#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "model/instant.h"
#include "outcomes/cell.h"

namespace weir::outcomes {

/// How many exchanges took how long: sixteen buckets to each doubling, so that a bucket ends at
/// most a sixteenth above where it begins, from 1 µs to 71 minutes, beyond which the last one
/// goes on. Sums over workers; differences over time.
struct LatencySpread {
  static constexpr std::size_t buckets = 464;
  std::array<std::uint64_t, buckets> counts{};

  static std::size_t bucket_of(std::chrono::nanoseconds latency) noexcept;
  /// Where a bucket ends: all in it took less.
  static Microseconds end_of(std::size_t bucket) noexcept;

  std::uint64_t total() const noexcept;
  /// The end of the bucket that holds the quantile, 0 < `share` <= 1: at least that share took
  /// less. Nothing of nothing.
  std::optional<Microseconds> quantile(double share) const noexcept;
  /// How many took longer, by whole buckets: exact where `bound` is the end of one.
  std::uint64_t above(Microseconds bound) const noexcept;

  LatencySpread& operator+=(const LatencySpread& more) noexcept;
  /// What came since `less`, an earlier reading of the same counters.
  LatencySpread operator-(const LatencySpread& less) const noexcept;
  bool operator==(const LatencySpread&) const = default;
};

/// Counts into a spread. One thread adds; any may read at any time. No memory until the first.
class LatencyMeter {
 public:
  LatencyMeter() = default;
  ~LatencyMeter() { delete cells_.load(); }
  LatencyMeter(const LatencyMeter&) = delete;
  LatencyMeter& operator=(const LatencyMeter&) = delete;

  /// Counts nothing where there is no memory.
  void add(std::chrono::nanoseconds latency) noexcept;
  LatencySpread read() const noexcept;

 private:
  using Cells = std::array<Cell, LatencySpread::buckets>;
  std::atomic<Cells*> cells_{nullptr};
};

/// What a growing spread has gained lately: for `span` at the most, half of it at the least,
/// once it was read for so long.
class RecentLatencies {
 public:
  explicit RecentLatencies(Milliseconds span) : half_(span / 2) {}
  /// `counts`: all so far. What is in the first reading is past.
  void read(const LatencySpread& counts, Instant now);
  LatencySpread sum() const noexcept { return latest_ - before_; }

 private:
  Milliseconds half_;
  std::optional<Instant> marked_at_;
  LatencySpread before_, mark_, latest_;
};

}  // namespace weir::outcomes
