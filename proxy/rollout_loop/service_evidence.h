#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "model/plan.h"
#include "outcomes/evidence.h"
#include "outcomes/failure_queue.h"
#include "outcomes/latency_spread.h"
#include "outcomes/recent_keys.h"
#include "outcomes/tally.h"
#include "rollout/state.h"

namespace weir::rollout_loop {

/// What the workers counted for one service, as evidence: differences of counters, and of their
/// errors those that a key repeats. Control thread only.
class ServiceEvidence {
 public:
  /// `counts`: read now; what is in them is no evidence.
  ServiceEvidence(const ServicePlan& plan, const PerVersion<outcomes::Counts>& counts);

  /// Another rollout begins, or other guards.
  void begin(const ServicePlan& plan, const PerVersion<outcomes::Counts>& counts);

  /// In a rollout, at each tick: first the counters, then all failures that were tallied by then,
  /// then the observation.
  void read(const PerVersion<outcomes::Counts>& counts) noexcept { read_ = counts; }
  void note(const outcomes::Failure& failure, Instant now);
  outcomes::Observation observe(const rollout::RolloutState& state);

  /// Outside a rollout, now and then: what stable does then.
  void read_idle(const PerVersion<outcomes::Counts>& counts, Version stable, Instant now);
  /// Of the last hour without a rollout, under this stable; with all repetitions.
  outcomes::EvidenceCounts stable_before(Version stable, Instant now) const;

  /// How long exchanges of a version took, all so far; at each look where it is measured.
  void read(Version version, const outcomes::LatencySpread& latencies, Instant now);
  /// Of its last half hour to hour; nothing where there were too few exchanges.
  std::optional<Microseconds> p95_of(Version version) const;
  /// What stable did in that time, `bound` being what is slow.
  outcomes::EvidenceCounts stable_above(Version stable, Microseconds bound) const;

  const PerVersion<std::uint64_t>& repeated() const noexcept { return repeated_; }
  /// Failures that counted as new for want of room.
  std::uint64_t overflows() const noexcept {
    return overflows_ + failing_keys_.overflows() + slow_keys_.overflows();
  }

 private:
  outcomes::EvidenceCounts take(Version version);

  bool keyed_ = false;
  PerVersion<outcomes::Counts> seen_, read_;
  PerVersion<outcomes::EvidenceCounts> repeats_;  ///< noted, and not part of an observation yet
  outcomes::RecentKeys failing_keys_, slow_keys_;
  PerVersion<outcomes::EvidenceWindow> idle_;
  std::unique_ptr<PerVersion<outcomes::RecentLatencies>> latencies_;  ///< null: not measured
  PerVersion<std::uint64_t> repeated_;
  std::uint64_t overflows_ = 0;  ///< of earlier rollouts
};

}  // namespace weir::rollout_loop
