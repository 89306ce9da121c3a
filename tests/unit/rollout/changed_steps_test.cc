#include <gtest/gtest.h>

#include "rollout/course.h"
#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

/// In the second step of `ramp`, at 25 %, for 5 s and 7 requests.
RolloutState under_way(Phase phase = Phase::progressing, PauseReason reason = PauseReason::none) {
  RolloutState state;
  state.epoch = 3;
  state.phase = phase;
  state.pause_reason = reason;
  state.weight = Weight::percent(25);
  state.step = 1;
  state.held = 5s;
  state.step_requests = 7;
  return state;
}

RolloutPolicy steps_of(std::vector<std::uint32_t> percents) {
  RolloutPolicy policy;
  for (const auto percent : percents) {
    policy.steps.push_back({Weight::from_basis_points(percent * 100).value(), 10s, 20, false});
  }
  return policy;
}

struct Row {
  const char* name;
  std::vector<std::uint32_t> steps;
  std::uint32_t step;  ///< where it is then
  bool goes_on;        ///< with what it held and counted
};

TEST(ChangedSteps, LeaveTheWeightAndFindTheStepItHasReached) {
  const Row rows[] = {
      {"the same", {5, 25, 50, 100}, 1, true},
      {"others after it", {5, 25, 60}, 1, true},
      {"one more before it", {1, 5, 25, 50}, 2, true},
      {"one less before it", {25, 50}, 0, true},
      {"between two", {10, 20, 90}, 1, true},
      {"between two others", {20, 90}, 0, false},
      {"all above it: as if in the first", {50, 100}, 0, false},
      {"all below it: in the last", {1, 2, 3}, 2, false},
  };
  for (const auto& row : rows) {
    auto state = under_way();
    const bool moved = find_place(state, steps_of(row.steps));
    EXPECT_EQ(state.step, row.step) << row.name;
    EXPECT_EQ(moved, row.step != 1) << row.name;
    EXPECT_EQ(state.weight, Weight::percent(25)) << row.name;
    EXPECT_EQ(state.phase, Phase::progressing) << row.name;
    EXPECT_EQ(state.step_requests, row.goes_on ? 7U : 0U) << row.name;
    EXPECT_EQ(state.held, row.goes_on ? 5'000ms : 0ms) << row.name;
    EXPECT_FALSE(find_place(state, steps_of(row.steps))) << row.name << ": twice is once";
  }
}

TEST(ChangedSteps, LeaveAPauseAPause) {
  for (const auto reason : {PauseReason::gate, PauseReason::operator_request, PauseReason::guard}) {
    auto state = under_way(Phase::paused, reason);
    EXPECT_TRUE(find_place(state, steps_of({1, 5, 25, 50})));
    EXPECT_EQ(state.phase, Phase::paused);
    EXPECT_EQ(state.pause_reason, reason);
    EXPECT_EQ(state.step, 2U);
  }
}

TEST(ChangedSteps, LeaveAWeightThatWasSetBeforeTheNextStepAboveIt) {
  auto state = under_way(Phase::paused, PauseReason::weight_set);
  EXPECT_TRUE(find_place(state, steps_of({5, 25, 50})));
  EXPECT_EQ(state.step, 2U);
}

TEST(ChangedSteps, ConcernNoRolloutThatIsOver) {
  for (const auto phase : {Phase::healthy, Phase::degraded}) {
    const auto before = under_way(phase);
    auto state = before;
    EXPECT_FALSE(find_place(state, steps_of({50})));
    EXPECT_EQ(state, before);
  }
}

TEST(ChangedSteps, TheRolloutGoesOnInThem) {
  auto state = under_way();
  const auto policy = steps_of({10, 20, 90});
  find_place(state, policy);
  advance(state, policy, at(1min));
  EXPECT_EQ(state.weight, Weight::percent(90));
}

}  // namespace
}  // namespace weir::rollout
