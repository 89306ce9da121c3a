#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

class Steps : public testing::TestWithParam<Version> {
 protected:
  Version stable() const { return GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(StableIs, Steps, testing::ValuesIn(both_versions),
                         [](const auto& run) { return std::string(name_of(run.param)); });

TEST_P(Steps, AreLeftOnlyWithTimeRequestsAndEveryVerdict) {
  struct Row {
    const char* name;
    Milliseconds held;
    std::uint64_t requests;
    std::vector<Assessment> found;
    bool leaves;
  };
  const auto fine = found(Verdict::fine);
  const Row rows[] = {
      {"all there", 10s, 20, {fine}, true},
      {"without guards", 10s, 20, {}, true},
      {"too early", 9'999ms, 20, {fine}, false},
      {"too few requests", 10s, 19, {fine}, false},
      {"no evidence for rollback", 10s, 20, {found(Verdict::insufficient)}, false},
      {"no evidence for hold",
       10s,
       20,
       {fine, found(Verdict::insufficient, GuardAction::hold, "latency")},
       false},
      {"no evidence for a mere warning",
       10s,
       20,
       {fine, found(Verdict::insufficient, GuardAction::warn, "latency")},
       true},
      {"a warning stands", 10s, 20, {fine, worse(GuardAction::warn, "latency")}, false},
  };
  for (const auto& row : rows) {
    const auto decision =
        decide(progressing(ramp(), 1, stable()), ramp(), {row.found, row.requests}, at(row.held));
    EXPECT_EQ(decision.next.step, row.leaves ? 2U : 1U) << row.name;
    EXPECT_EQ(kinds(decision).find("step") != std::string::npos, row.leaves) << row.name;
  }
}

TEST_P(Steps, BeginAfreshAtTheirWeight) {
  const auto decision = decide(progressing(ramp(), 0, stable()), ramp(), all_fine(), at(12s));
  EXPECT_EQ(kinds(decision), "step");
  auto expected = progressing(ramp(), 1, stable());
  expected.held_at = at(12s);
  expected.reason = "step 2 of 4, 25%";
  EXPECT_EQ(decision.next, expected);
}

TEST_P(Steps, AreTakenOneAtATime) {
  auto policy = ramp();
  for (auto& step : policy.steps) step = {step.weight, 0ms, 0, false};
  auto state = progressing(policy, 0, stable());
  std::string path;
  for (int i = 0; i < 4; ++i) {
    const auto decision = decide(state, policy, all_fine(), at(1h));
    path += kinds(decision) + ' ' + percent_text(decision.next.weight) + ' ';
    state = decision.next;
  }
  EXPECT_EQ(path, "step 25% step 50% step 100% finish 0% ");
}

TEST_P(Steps, EndByTheRolesSwapping) {
  for (const auto& policy : {ramp(), ramp_to_half()}) {
    const auto last = static_cast<std::uint32_t>(policy.steps.size() - 1);
    const auto decision = decide(progressing(policy, last, stable()), policy, all_fine(), at(10s));
    EXPECT_EQ(kinds(decision), "finish");
    auto expected = healthy(other(stable()), true);
    expected.step = last + 1;
    expected.revision = "r7";
    expected.reason = std::string(name_of(other(stable()))) + " is stable";
    EXPECT_EQ(decision.next, expected);
  }
}

TEST_P(Steps, OfTheNextRolloutGoTheOtherWay) {
  auto policy = ramp();
  policy.steps.resize(1);
  auto state = healthy(stable());
  for (const auto expected : {other(stable()), stable(), other(stable())}) {
    state = accepted(apply(state, policy, action(Action::start), at(0ms))).next;
    EXPECT_EQ(state.canary(), expected);
    state = decide(state, policy, all_fine(), at(10s)).next;
    EXPECT_EQ(state.stable, expected);
  }
  EXPECT_EQ(state.epoch, 10U);
}

TEST(Step, CountsTimeOnlyWhileProgressing) {
  auto state = progressing(ramp());
  state = decide(state, ramp(), {}, at(4s)).next;
  EXPECT_EQ(state.held, 4s);
  state = accepted(apply(state, ramp(), action(Action::pause), at(5s))).next;
  state = decide(state, ramp(), {}, at(60s)).next;
  EXPECT_EQ(state.held, 5s);
  state = accepted(apply(state, ramp(), action(Action::resume), at(100s))).next;
  state = decide(state, ramp(), {}, at(102s)).next;
  EXPECT_EQ(state.held, 7s);
}

TEST(Step, CountsRequestsWhereverTheRolloutStands) {
  auto state = progressing(ramp());
  state = decide(state, ramp(), {{}, 3}, at(1s)).next;
  state = accepted(apply(state, ramp(), action(Action::pause), at(2s))).next;
  state = decide(state, ramp(), {{}, 4}, at(3s)).next;
  EXPECT_EQ(state.step_requests, 7U);
}

TEST(Step, LosesNoTimeToRounding) {
  auto state = progressing(ramp());
  for (int tick = 1; tick <= 1'000; ++tick) {
    state = decide(state, ramp(), {}, at(0ms) + tick * 1'900us).next;
  }
  EXPECT_EQ(state.held, 1'900ms);
}

TEST(Step, IgnoresABackwardClock) {
  auto state = decide(progressing(ramp()), ramp(), {}, at(4s)).next;
  state = decide(state, ramp(), {}, at(1s)).next;
  EXPECT_EQ(state.held, 4s);
  EXPECT_EQ(held_for(state, at(1s)), 4s);
  state = decide(state, ramp(), {}, at(5s)).next;
  EXPECT_EQ(state.held, 5s) << "counted once";
}

TEST(Step, TellsTheTimeHeldBetweenDecisions) {
  EXPECT_EQ(held_for(progressing(ramp()), at(3s)), 3s);
  auto state = paused(PauseReason::gate, ramp());
  state.held = 2s;
  EXPECT_EQ(held_for(state, at(3s)), 2s);
}

TEST(Step, KeepsTheTimeHeldAcrossARestart) {
  auto state = progressing(ramp());
  state.held = 9s;
  state.held_at.reset();
  state.driver_seen.reset();
  state = decide(state, ramp(), all_fine(), at(500s)).next;
  EXPECT_EQ(state.held, 9s) << "time down does not count";
  EXPECT_EQ(state.driver_seen, at(500s));
  EXPECT_EQ(kinds(decide(state, ramp(), all_fine(), at(501s))), "step");
}

TEST(Gate, WaitsOnceForPromote) {
  const auto policy = gated(ramp());
  const auto decision = decide(progressing(policy, 1), policy, all_fine(), at(10s));
  EXPECT_EQ(kinds(decision), "gate");
  EXPECT_EQ(decision.next.phase, Phase::paused);
  EXPECT_EQ(decision.next.pause_reason, PauseReason::gate);
  EXPECT_EQ(decision.next.weight, Weight::percent(25));
  EXPECT_EQ(decision.next.reason, "waits for promote: step 2 of 4, 25%");
  EXPECT_EQ(kinds(decide(decision.next, policy, all_fine(), at(1h))), "");
}

TEST(Gate, IsReachedOnlyOnceTheStepIsOver) {
  EXPECT_EQ(kinds(decide(progressing(gated(ramp())), gated(ramp()), all_fine(), at(9s))), "");
}

TEST(Reload, OfAShorterRampFinishesByTheRulesOfItsLastStep) {
  auto shorter = ramp();
  shorter.steps.resize(2);
  const auto state = progressing(ramp(), 3);
  EXPECT_EQ(kinds(decide(state, shorter, all_fine(), at(9s))), "");
  EXPECT_EQ(kinds(decide(state, shorter, all_fine(), at(10s))), "finish");
}

TEST(Reload, OfLowerStepsNeverLowersTheWeight) {
  auto lower = ramp();
  lower.steps[2].weight = Weight::percent(10);
  const auto decision = decide(progressing(ramp(), 1), lower, all_fine(), at(10s));
  EXPECT_EQ(decision.next.step, 2U);
  EXPECT_EQ(decision.next.weight, Weight::percent(25));
}

TEST(Reload, OfAHigherStepEntersItFirst) {
  auto higher = ramp();
  higher.steps[1].weight = Weight::percent(30);
  const auto decision = decide(progressing(ramp(), 1), higher, all_fine(), at(10s));
  EXPECT_EQ(decision.next.step, 1U);
  EXPECT_EQ(decision.next.weight, Weight::percent(30));
}

TEST(Policy, WithoutStepsWaitsForPromote) {
  const RolloutPolicy none;
  auto state = accepted(apply(healthy(), none, action(Action::start), at(0ms))).next;
  EXPECT_EQ(state.weight, Weight::none());
  EXPECT_EQ(kinds(decide(state, none, all_fine(), at(1h))), "");
  EXPECT_EQ(kinds(accepted(apply(state, none, action(Action::promote), at(1h)))), "finish");
}

}  // namespace
}  // namespace weir::rollout
