#include "rollout/simulation.h"

#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using Ending = SimulatedRollout::Ending;

RolloutPolicy minute_steps() {
  auto policy = ramp();
  for (auto& step : policy.steps) step.hold = 60s;
  return policy;
}

int ended(Ending ending, const RolloutPolicy& policy, const ExpectedTraffic& traffic) {
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    count += simulate(policy, traffic, seed).ending == ending ? 1 : 0;
  }
  return count;
}

TEST(Simulation, FinishesGoodReleasesAndRollsBrokenOnesBack) {
  EXPECT_GE(ended(Ending::finished, minute_steps(), {100, 0.005, 0.005}), 19);
  EXPECT_EQ(ended(Ending::rolled_back, minute_steps(), {100, 0.005, 0.2}), 20);
}

TEST(Simulation, TakesAsLongAsTheStepsWhereNothingIsWrong) {
  const auto seen = simulate(minute_steps(), {200, 0, 0}, 1);
  EXPECT_EQ(seen.ending, Ending::finished);
  EXPECT_GE(seen.after, 240s);
  EXPECT_LE(seen.after, 250s);
  EXPECT_EQ(seen.bad_responses, 0U);
}

TEST(Simulation, SeesABrokenCanarySoon) {
  const auto seen = simulate(minute_steps(), {2'000, 0.001, 1}, 1);
  EXPECT_EQ(seen.ending, Ending::rolled_back);
  EXPECT_LE(seen.after, 100ms);
  EXPECT_EQ(seen.bad_responses, seen.canary_requests);
  EXPECT_LE(seen.bad_responses, 10U);
  EXPECT_FALSE(seen.reason.empty());
}

TEST(Simulation, OpensGatesAndNeedsNoDriver) {
  EXPECT_EQ(simulate(driven(gated(minute_steps()), 1s), {200, 0, 0}, 1).ending, Ending::finished);
}

TEST(Simulation, AsksNoHooks) {
  auto policy = minute_steps();
  policy.hooks.resize(2);
  policy.hooks[1].at = Hook::At::before_promotion;
  EXPECT_EQ(simulate(policy, {200, 0, 0}, 1).ending, Ending::finished);
}

TEST(Simulation, PausesWhereTheEvidenceIsMissing) {
  auto policy = minute_steps();
  policy.max_wait = 10min;
  EXPECT_EQ(simulate(policy, {0.01, 0, 0}, 1).ending, Ending::paused);
}

TEST(Simulation, IsTheSameForTheSameSeed) {
  const ExpectedTraffic traffic{100, 0.01, 0.1};
  EXPECT_EQ(simulate(ramp(), traffic, 7).after, simulate(ramp(), traffic, 7).after);
}

}  // namespace
}  // namespace weir::rollout
