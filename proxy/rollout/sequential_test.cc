#include "rollout/sequential_test.h"

#include <algorithm>
#include <cmath>

#include "rollout/confidence.h"

namespace weir::rollout {
namespace {

using outcomes::EvidenceCounts;
using outcomes::Observation;

constexpr double with_control = 0.9, without_control = 0.1;  // of the coin

void add(Observation& sums, const Observation& more) noexcept {
  sums.stable += more.stable;
  sums.canary += more.canary;
  sums.weight = more.weight;
}

}  // namespace

SequentialTest::SequentialTest(const SequentialRule& rule, BadPart part,
                               const EvidenceCounts& stable_before, std::uint32_t failures_in_a_row)
    : rule_(rule),
      part_(part),
      failures_in_a_row_(failures_in_a_row),
      share_(rule.window),
      control_(rule.tolerance, with_control),
      window_(rule.window),
      stable_so_far_(stable_before) {}

void SequentialTest::observe(const Observation& all, Instant now) {
  const Observation observation{without_repeats(all.stable), without_repeats(all.canary),
                                all.weight};
  if (observation.weight != step_.weight) step_ = {{}, {}, observation.weight};
  window_.add(observation, now);
  streak_.observe(observation.stable, observation.canary);
  add(step_, observation);
  add(suspected_, observation);
  if (observation.weight == Weight::all()) test_alone(observation.canary);
  compare(observation, now);
  if (log_evidence() < 0) suspected_ = {{}, {}, observation.weight};
}

// Also at 100 %: what stable still ends there makes for no evidence at a share of one.
void SequentialTest::compare(const Observation& observation, Instant now) {
  const auto& [stable, canary, weight] = observation;
  if (weight != Weight::all()) stable_so_far_ += stable;
  const double share = share_.observe(observation, now);
  if (share_.just_found_more()) {
    const auto errors = step_.stable.*part_.bad + step_.canary.*part_.bad;
    const auto earlier = errors - stable.*part_.bad - canary.*part_.bad;
    control_.correct(earlier, weight.ratio(), share);
  }
  control_.observe({stable.*part_.bad, canary.*part_.bad, canary.requests}, share);
}

// The rate is frozen when stable's last traffic is gone. Where little is known of it, canary is
// held to what is fine.
void SequentialTest::test_alone(const EvidenceCounts& canary) {
  if (!alone_) {
    const auto& stable = stable_so_far_;
    const double most = upper_bound(stable.*part_.bad, stable.requests, rule_.alpha.ratio());
    const double rate = std::max(rule_.floor.ratio(), std::min(rule_.tolerance * most, limit()));
    alone_.emplace(rate, without_control);
  }
  alone_->observe(canary.requests, std::min(canary.*part_.bad, canary.requests));
}

bool SequentialTest::is_worse(Instant now) const {
  const bool shown = log_evidence() >= std::log(threshold()) || streak_is_enough();
  return shown && above_floor(now);
}

Verdict SequentialTest::verdict(Instant now) const {
  if (is_worse(now)) return Verdict::worse;
  const auto& canary = step_.canary;
  const bool fine =
      !suspicious() && is_at_most(canary.*part_.bad, canary.requests, limit(), rule_.beta.ratio());
  return fine ? Verdict::fine : Verdict::insufficient;
}

double SequentialTest::evidence() const noexcept {
  constexpr double most = 690;  // its exponential is still a number
  return std::exp(std::min(log_evidence(), most));
}

double SequentialTest::threshold() const noexcept { return 1 / rule_.alpha.ratio(); }

double SequentialTest::log_evidence() const noexcept {
  const double control = control_.log_evidence();
  if (!alone_) return control;
  const double alone = alone_->log_evidence();
  return std::max(control, alone) + std::log1p(std::exp(-std::abs(control - alone)));
}

bool SequentialTest::streak_is_enough() const {
  if (failures_in_a_row_ == 0 || streak_.length() < failures_in_a_row_) return false;
  const double chance = rule_.alpha.ratio() / 10'000;
  if (step_.weight == Weight::all()) {
    return alone_ && is_beyond_chance(streak_, alone_->rate(), chance);
  }
  return is_beyond_chance(streak_, chance);
}

bool SequentialTest::above_floor(Instant now) const {
  return share_of(window_.sum(now).canary) > rule_.floor.ratio();
}

bool SequentialTest::suspicious() const noexcept {
  return log_evidence() >= std::log(threshold()) / 2 &&
         share_of(step_.canary) > rule_.floor.ratio();
}

EvidenceCounts SequentialTest::without_repeats(EvidenceCounts counts) const noexcept {
  const auto repeated = std::min(counts.*part_.repeated, counts.*part_.bad);
  counts.requests -= std::min(repeated, counts.requests);
  counts.*part_.bad -= repeated;
  return counts;
}

double SequentialTest::share_of(const EvidenceCounts& counts) const noexcept {
  if (counts.requests == 0) return 0;
  return static_cast<double>(counts.*part_.bad) / static_cast<double>(counts.requests);
}

EvidenceCounts SequentialTest::stable_reference() const noexcept {
  return step_.weight == Weight::all() ? stable_so_far_ : step_.stable;
}

double SequentialTest::limit() const noexcept {
  const double of_stable = rule_.acceptable_ratio * share_of(stable_reference());
  return std::max(rule_.acceptable.ratio(), of_stable);
}

Observation SequentialTest::basis() const noexcept {
  const bool suspected = log_evidence() >= 0;
  auto basis = suspected ? suspected_ : step_;
  if (step_.weight == Weight::all()) basis.stable = stable_so_far_;
  return basis;
}

std::optional<double> SequentialTest::ratio() const noexcept {
  const auto seen = basis();
  const double stable = share_of(seen.stable);
  if (stable <= 0) return std::nullopt;
  return share_of(seen.canary) / stable;
}

}  // namespace weir::rollout
