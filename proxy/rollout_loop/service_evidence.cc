#include "rollout_loop/service_evidence.h"

#include <algorithm>

#include "rollout/slow_bound.h"

namespace weir::rollout_loop {
namespace {

using outcomes::Counts;
using outcomes::EvidenceCounts;

constexpr Milliseconds hour{3'600'000};

EvidenceCounts evidence_of(const Counts& counts) noexcept {
  return {counts.evidence_requests, counts.evidence_errors, counts.evidence_slow};
}

Milliseconds window_of_errors(const RolloutPolicy& policy) noexcept {
  return policy.errors.value_or(ErrorGuard{}).rule.window;
}

Milliseconds window_of_slow(const RolloutPolicy& policy) noexcept {
  return policy.latency.value_or(LatencyGuard{}).rule.window;
}

/// The same client on the other version is another one.
std::uint64_t key_of(const outcomes::Failure& failure) noexcept {
  return failure.version == Version::blue ? failure.key : ~failure.key;
}

/// Moves what fits into `most` from `pending`: a failure may be noted before it is tallied.
std::uint64_t settle(std::uint64_t& pending, std::uint64_t most) noexcept {
  const auto settled = std::min(pending, most);
  pending -= settled;
  return settled;
}

}  // namespace

ServiceEvidence::ServiceEvidence(const ServicePlan& plan, const PerVersion<Counts>& counts)
    : failing_keys_(window_of_errors(plan.rollout)),
      slow_keys_(window_of_slow(plan.rollout)),
      idle_{{outcomes::EvidenceWindow(hour), outcomes::EvidenceWindow(hour)}} {
  begin(plan, counts);
}

void ServiceEvidence::begin(const ServicePlan& plan, const PerVersion<Counts>& counts) {
  overflows_ = overflows();
  keyed_ = plan.key.source != StickyKey::Source::none;
  failing_keys_ = outcomes::RecentKeys(window_of_errors(plan.rollout));
  slow_keys_ = outcomes::RecentKeys(window_of_slow(plan.rollout));
  seen_ = read_ = counts;
  repeats_ = {};
}

void ServiceEvidence::note(const outcomes::Failure& failure, Instant now) {
  if (!keyed_) return;
  const auto key = key_of(failure);
  auto& repeats = repeats_[failure.version];
  if (failure.error && failing_keys_.repeats(key, now)) {
    ++repeats.repeated_errors;
    ++repeated_[failure.version];
  }
  if (failure.slow && slow_keys_.repeats(key, now)) ++repeats.repeated_slow;
}

outcomes::Observation ServiceEvidence::observe(const rollout::RolloutState& state) {
  const outcomes::Observation observation{take(state.stable), take(state.canary()), state.weight};
  seen_ = read_;
  return observation;
}

EvidenceCounts ServiceEvidence::take(Version version) {
  auto counts = evidence_of(read_[version]) - evidence_of(seen_[version]);
  auto& repeats = repeats_[version];
  counts.repeated_errors = settle(repeats.repeated_errors, counts.errors);
  counts.repeated_slow = settle(repeats.repeated_slow, counts.slow);
  return counts;
}

void ServiceEvidence::read_idle(const PerVersion<Counts>& counts, Version stable, Instant now) {
  const auto passed = evidence_of(counts[stable]) - evidence_of(seen_[stable]);
  idle_[stable].add({passed, {}, {}}, now);
  seen_ = read_ = counts;
}

EvidenceCounts ServiceEvidence::stable_before(Version stable, Instant now) const {
  return idle_[stable].sum(now).stable;
}

void ServiceEvidence::read(Version version, const outcomes::LatencySpread& latencies, Instant now) {
  using outcomes::RecentLatencies;
  if (!latencies_) {
    latencies_ = std::make_unique<PerVersion<RecentLatencies>>(
        PerVersion<RecentLatencies>{{RecentLatencies(hour), RecentLatencies(hour)}});
  }
  (*latencies_)[version].read(latencies, now);
}

std::optional<Microseconds> ServiceEvidence::p95_of(Version version) const {
  constexpr double share = 0.95;
  if (!latencies_) return std::nullopt;
  const auto recent = (*latencies_)[version].sum();
  return recent.total() < rollout::least_latencies ? std::nullopt : recent.quantile(share);
}

EvidenceCounts ServiceEvidence::stable_above(Version stable, Microseconds bound) const {
  EvidenceCounts counts;
  if (!latencies_) return counts;
  const auto recent = (*latencies_)[stable].sum();
  counts.requests = recent.total();
  counts.slow = recent.above(bound);
  return counts;
}

}  // namespace weir::rollout_loop
