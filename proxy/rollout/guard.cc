#include "rollout/guard.h"

#include "rollout/guards.h"

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

GuardPanel::GuardPanel(const RolloutPolicy& policy, const outcomes::EvidenceCounts& stable_before) {
  if (policy.errors) guards_.push_back(guard_for(*policy.errors, stable_before));
  if (policy.latency) guards_.push_back(guard_for(*policy.latency, stable_before));
  if (policy.error_threshold) guards_.push_back(guard_for(*policy.error_threshold));
  if (policy.latency_threshold) guards_.push_back(guard_for(*policy.latency_threshold));
  if (policy.health) guards_.push_back(guard_for(*policy.health));
}

void GuardPanel::observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
                         Instant now) {
  for (const auto& guard : guards_) guard->observe(observation, canary_pool, now);
}

std::vector<Assessment> GuardPanel::assess(Instant now) const {
  std::vector<Assessment> assessments;
  assessments.reserve(guards_.size());
  for (const auto& guard : guards_) assessments.push_back(guard->assess(now));
  return assessments;
}

}  // namespace weir::rollout
