#pragma once
#include <cstdint>
#include <deque>

#include "model/instant.h"
#include "model/version.h"
#include "outcomes/tally.h"

namespace weir::rollout_loop {

/// How many requests a second both versions had of late: over the last ten seconds, from
/// counters that are read at any pace.
class LoadMeter {
 public:
  /// What is in `counts` came before.
  LoadMeter(const PerVersion<outcomes::Counts>& counts, Instant now);
  void read(const PerVersion<outcomes::Counts>& counts, Instant now);
  /// 0 until a second was seen.
  double per_second() const noexcept;

 private:
  struct Reading {
    std::uint64_t requests;
    Instant at;
  };
  std::deque<Reading> readings_;  ///< a second apart or more, oldest first; never empty
};

}  // namespace weir::rollout_loop
