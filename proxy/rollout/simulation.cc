#include "rollout/simulation.h"

#include <algorithm>
#include <random>

#include "rollout/course.h"
#include "rollout/decide.h"
#include "rollout/guard.h"

namespace weir::rollout {
namespace {

using outcomes::EvidenceCounts;
using outcomes::Observation;
using Ending = SimulatedRollout::Ending;

constexpr Milliseconds shortest{20}, longest{1'000}, week{7 * 24 * 3'600'000};

EvidenceCounts known_before(const ExpectedTraffic& traffic) {
  constexpr double seconds = 3'600;
  const double requests = traffic.requests_per_second * seconds;
  return {static_cast<std::uint64_t>(requests),
          static_cast<std::uint64_t>(requests * traffic.stable_errors)};
}

/// So soon that it hardly ever holds two errors of canary.
Milliseconds until_look(const ExpectedTraffic& traffic, Weight weight) {
  const double errors = traffic.requests_per_second * weight.ratio() * traffic.canary_errors;
  constexpr double errors_wanted = 0.2, ms = 1'000;
  if (errors * longest.count() <= errors_wanted * ms) return longest;
  return std::clamp(Milliseconds(static_cast<std::int64_t>(errors_wanted * ms / errors)), shortest,
                    longest);
}

Ending ending_of(const RolloutState& state) {
  if (state.phase == Phase::degraded) return Ending::rolled_back;
  if (state.phase == Phase::paused) return Ending::paused;
  return state.in_progress() ? Ending::endless : Ending::finished;
}

/// Nobody is there to answer.
RolloutPolicy without_hooks(RolloutPolicy policy) {
  policy.hooks.clear();
  return policy;
}

class Run {
 public:
  Run(const RolloutPolicy& policy, const ExpectedTraffic& traffic, std::uint64_t seed)
      : policy_(without_hooks(policy)),
        traffic_(traffic),
        random_(seed),
        guards_(policy, known_before(traffic)) {
    begin(state_, policy_, now_);
  }

  SimulatedRollout to_its_end() {
    while (state_.phase == Phase::progressing && now_ < started_ + week) look();
    seen_.ending = ending_of(state_);
    seen_.after = std::chrono::floor<Milliseconds>(now_ - started_);
    seen_.reason = state_.reason;
    return seen_;
  }

 private:
  void look() {
    const auto passed = until_look(traffic_, state_.weight);
    now_ += passed;
    const auto observation = ended_within(passed);
    guards_.observe(observation, {1, 1}, now_);
    const Evidence evidence{guards_.assess(now_), observation.canary.requests};
    state_ = decide(state_, policy_, evidence, now_).next;
    if (state_.pause_reason == PauseReason::gate) open_gate();
  }

  Observation ended_within(Milliseconds passed) {
    const double requests =
        traffic_.requests_per_second * static_cast<double>(passed.count()) / 1e3;
    const double share = state_.weight.ratio();
    const auto canary = exchanges(requests * share, traffic_.canary_errors);
    seen_.canary_requests += canary.requests;
    seen_.bad_responses += canary.errors;
    return {exchanges(requests * (1 - share), traffic_.stable_errors), canary, state_.weight};
  }

  EvidenceCounts exchanges(double expected, double errors) {
    if (expected <= 0) return {};
    const auto all = std::poisson_distribution<std::uint64_t>(expected)(random_);
    return {all, std::binomial_distribution<std::uint64_t>(all, errors)(random_)};
  }

  void open_gate() {
    ActionRequest promote;
    promote.action = Action::promote;
    auto answer = apply(state_, policy_, promote, now_);
    if (auto* decision = std::get_if<Decision>(&answer)) state_ = decision->next;
  }

  const RolloutPolicy policy_;
  const ExpectedTraffic& traffic_;
  std::mt19937_64 random_;
  GuardPanel guards_;
  RolloutState state_;
  const Instant started_{std::chrono::hours(1)};
  Instant now_ = started_;
  SimulatedRollout seen_;
};

}  // namespace

SimulatedRollout simulate(RolloutPolicy policy, const ExpectedTraffic& traffic,
                          std::uint64_t seed) {
  policy.driver_timeout = Milliseconds(0);
  policy.freeze.clear();
  return Run(policy, traffic, seed).to_its_end();
}

}  // namespace weir::rollout
