#include "rollout/guard.h"

#include "rollout/guards.h"
#include "rollout/wording.h"

namespace weir::rollout {

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::insufficient:
      return "insufficient";
    case Verdict::fine:
      return "fine";
    case Verdict::worse:
      return "worse";
  }
  return "";
}

std::string_view name_of(Measure measure) noexcept {
  return measure == Measure::share ? "share" : "evidence";
}

GuardPanel::GuardPanel(const RolloutPolicy& policy, const outcomes::EvidenceCounts& stable_before,
                       const std::optional<Slowness>& slowness) {
  if (policy.errors) guards_[errors] = guard_for(*policy.errors, stable_before);
  if (policy.error_threshold) guards_[error_threshold] = guard_for(*policy.error_threshold);
  if (policy.health) guards_[health] = guard_for(*policy.health);
  if (policy.outage) guards_[outage] = guard_for(*policy.outage);
  const auto bound = policy.slower_than();
  if (slowness) {
    measure_anew(policy, *slowness);
  } else if (bound) {
    watch_latency(policy, "slower than " + duration_text(bound->fixed), stable_before);
  }
}

void GuardPanel::measure_anew(const RolloutPolicy& policy, const Slowness& slowness) {
  watch_latency(policy, "slower than " + duration_text(slowness.above) + ", stable's p95",
                slowness.stable_before);
}

void GuardPanel::watch_latency(const RolloutPolicy& policy, const std::string& slow,
                               const outcomes::EvidenceCounts& stable_before) {
  if (policy.latency) guards_[latency] = guard_for(*policy.latency, slow, stable_before);
  if (policy.latency_threshold) {
    guards_[latency_threshold] = guard_for(*policy.latency_threshold, slow);
  }
}

void GuardPanel::observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
                         Instant now) {
  for (const auto& guard : guards_) {
    if (guard) guard->observe(observation, canary_pool, now);
  }
}

std::vector<Assessment> GuardPanel::assess(Instant now) const {
  std::vector<Assessment> assessments;
  assessments.reserve(guards_.size());
  for (const auto& guard : guards_) {
    if (guard) assessments.push_back(guard->assess(now));
  }
  return assessments;
}

}  // namespace weir::rollout
