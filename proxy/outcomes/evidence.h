#pragma once
#include <cstdint>
#include <vector>

#include "model/instant.h"
#include "model/version.h"
#include "model/weight.h"

namespace weir::outcomes {

/// What one version did, as far as it counts as evidence.
struct EvidenceCounts {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t slow = 0;
  /// Of those, how many are of a key that was counted before (`RecentKeys`).
  std::uint64_t repeated_errors = 0;
  std::uint64_t repeated_slow = 0;

  EvidenceCounts& operator+=(const EvidenceCounts& more) noexcept;
  /// Never below zero.
  EvidenceCounts operator-(const EvidenceCounts& less) const noexcept;
  bool operator==(const EvidenceCounts&) const = default;
};

/// What ended since the last observation, and the weight it ran under.
struct Observation {
  EvidenceCounts stable;
  EvidenceCounts canary;
  Weight weight;
};

/// Sums over the trailing `span`, held as twenty equal slices; samples expire a
/// slice at a time. Reads no clock; a backward `now` counts as the latest seen.
class EvidenceWindow {
 public:
  /// `span`: 100 ms–1 day.
  explicit EvidenceWindow(Milliseconds span);
  void add(const Observation& observation, Instant now);
  /// Stable and canary over the window that ends now; the weight observed last.
  Observation sum(Instant now) const;
  void clear();

 private:
  struct Slice {
    std::int64_t index = -1;
    EvidenceCounts stable, canary;
  };
  std::int64_t slice_index(Instant now) const;
  std::chrono::nanoseconds slice_;
  std::vector<Slice> slices_;
  std::int64_t latest_ = 0;
  Weight weight_;
};

}  // namespace weir::outcomes
