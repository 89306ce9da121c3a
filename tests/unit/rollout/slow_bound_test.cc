#include "rollout/slow_bound.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "outcomes/latency_spread.h"
#include "rollout/sequential_test.h"
#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using outcomes::EvidenceCounts;

/// Slow is above stable's p95, at the most `most`; until that is known, above 1 s.
RolloutPolicy by_p95(Milliseconds most = 10s) {
  auto policy = ramp();
  policy.errors.reset();
  policy.health.reset();
  policy.outage.reset();
  policy.latency.emplace().slower_than = {1s, most};
  return policy;
}

Conditions knowing(std::optional<Microseconds> p95) {
  Conditions conditions;
  conditions.stable_p95 = p95;
  return conditions;
}

RolloutState started(const RolloutPolicy& policy, std::optional<Microseconds> p95,
                     const RolloutState& before = healthy()) {
  return accepted(apply(before, policy, action(Action::start), at(0ms), knowing(p95))).next;
}

RolloutState looked(const RolloutState& state, const RolloutPolicy& policy,
                    std::optional<Microseconds> p95) {
  Evidence evidence;
  evidence.conditions = knowing(p95);
  return decide(state, policy, evidence, at(1ms)).next;
}

TEST(SlowBound, IsTheFixedOneWhereThatIsAsked) {
  auto policy = by_p95();
  policy.latency->slower_than = {40ms, {}};
  const auto state = started(policy, 5ms);
  EXPECT_EQ(state.slower_than, std::nullopt);
  EXPECT_EQ(slow_bound(state, policy), 40ms);
  policy.latency.reset();
  EXPECT_EQ(slow_bound(state, policy), std::nullopt) << "no guard asks";
}

TEST(SlowBound, IsStablesP95FromTheStartOn) {
  EXPECT_EQ(slow_bound(started(by_p95(), 5'376us), by_p95()), 5'376us);
}

TEST(SlowBound, StaysWhatItWasWhateverBecomesOfStable) {
  const auto policy = by_p95();
  auto state = started(policy, 5'376us);
  for (const auto p95 : {1ms, 9ms, 100ms}) state = looked(state, policy, p95);
  EXPECT_EQ(slow_bound(state, policy), 5'376us);
  for (const auto& next :
       {apply(state, policy, action(Action::pause), at(2ms), knowing(50ms)),
        apply(state, policy, action(Action::promote), at(2ms), knowing(50ms)),
        apply(state, policy, to_weight(Weight::percent(80)), at(2ms), knowing(50ms))}) {
    EXPECT_EQ(slow_bound(accepted(next).next, policy), 5'376us);
  }
}

TEST(SlowBound, IsTheDefaultUntilEnoughIsKnown) {
  const auto policy = by_p95();
  auto state = looked(started(policy, {}), policy, {});
  EXPECT_EQ(slow_bound(state, policy), 1s);
  state = looked(state, policy, 7ms);
  EXPECT_EQ(slow_bound(state, policy), 7ms);
  EXPECT_EQ(slow_bound(looked(state, policy, 8ms), policy), 7ms);
}

TEST(SlowBound, IsBelowWhatCanBeAnswered) {
  const auto policy = by_p95(399ms);
  EXPECT_EQ(slow_bound(started(policy, 700ms), policy), 399ms);
}

TEST(SlowBound, IsFoundAnewForEachRollout) {
  const auto policy = by_p95();
  auto fallen = started(policy, 5ms);
  fallen = accepted(apply(fallen, policy, action(Action::abort), at(1s))).next;
  EXPECT_EQ(slow_bound(started(policy, 6ms, fallen), policy), 6ms);
  EXPECT_EQ(slow_bound(started(policy, {}, fallen), policy), 1s);
}

TEST(SlowBound, IsToldWithTheGuard) {
  GuardPanel panel(by_p95(), {}, Slowness{5'376us, {1'000, 0, 50}});
  panel.observe({{100, 0, 5}, {100, 0, 98}, Weight::percent(50)}, {1, 1}, at(1s));
  const auto found = panel.assess(at(1s)).at(0);
  EXPECT_EQ(found.verdict, Verdict::worse);
  EXPECT_NE(found.reason.find("slower than 5.38 ms, stable's p95"), std::string::npos)
      << found.reason;
}

TEST(SlowBound, BeginsTheGuardOfLatencyAnewAndNoOther) {
  auto policy = by_p95();
  policy.errors.emplace();
  GuardPanel panel(policy);
  panel.observe({{100, 0, 0}, {100, 60, 60}, Weight::percent(50)}, {1, 1}, at(1s));
  panel.measure_anew(policy, {5ms, {}});
  const auto found = panel.assess(at(1s));
  EXPECT_EQ(found.at(0).verdict, Verdict::worse) << found.at(0).reason;
  EXPECT_EQ(found.at(1).verdict, Verdict::insufficient) << found.at(1).reason;
  EXPECT_EQ(found.at(1).canary.requests, 0U);
}

/// One rollout at 50 % of a canary as slow as stable, to 100 % at half time: whether it is ever
/// found worse. The bound is stable's p95 of 200 exchanges before, so off by chance.
bool is_convicted(std::mt19937_64& random) {
  std::lognormal_distribution<double> latency(std::log(5'000.0), 0.6);
  outcomes::LatencySpread before;
  for (std::uint64_t i = 0; i < least_latencies; ++i) {
    ++before.counts[outcomes::LatencySpread::bucket_of(Microseconds(std::lround(latency(random))))];
  }
  const auto bound = before.quantile(0.95).value();
  const auto us = static_cast<double>(bound.count());
  const auto ended = [&](std::uint64_t count) {
    EvidenceCounts counts{count, 0, 0};
    for (; count > 0; --count) counts.slow += latency(random) > us ? 1U : 0U;
    return counts;
  };
  SequentialTest test(LatencyGuard{}.rule, slow_part, {before.total(), 0, before.above(bound)});
  for (int look = 0; look < 200; ++look) {
    const auto weight = look < 100 ? Weight::percent(50) : Weight::all();
    const std::uint64_t of_stable = look < 100 ? 10 : 0;
    test.observe({ended(of_stable), ended(20 - of_stable), weight}, at(look * 100ms));
    if (test.is_worse(at(look * 100ms))) return true;
  }
  return false;
}

// alpha is 1 %: of 1,000 at most 10 on average, and 22 with a chance of one in a thousand.
TEST(SlowBound, ConvictsNobodyWhoIsAsSlowAsStable) {
  std::mt19937_64 random(20'261'127);
  int convicted = 0;
  for (int rollout = 0; rollout < 1'000; ++rollout) convicted += is_convicted(random) ? 1 : 0;
  EXPECT_LE(convicted, 22);
}

}  // namespace
}  // namespace weir::rollout
