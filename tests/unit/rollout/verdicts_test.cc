#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

Evidence evidence(std::vector<Assessment> found) { return {std::move(found), 20}; }

const auto rolls_back = worse(GuardAction::rollback, "errors");
const auto holds = worse(GuardAction::hold, "latency");
const auto warns = worse(GuardAction::warn, "health");

/// Both stable colours, in every state in which clients may meet the canary.
std::vector<RolloutState> rollouts_in_progress() {
  std::vector<RolloutState> states;
  for (const auto stable : both_versions) {
    for (std::uint32_t step = 0; step < 4; ++step) {
      states.push_back(progressing(ramp(), step, stable));
      for (const auto reason :
           {PauseReason::gate, PauseReason::operator_request, PauseReason::guard,
            PauseReason::weight_set, PauseReason::evidence}) {
        states.push_back(paused(reason, ramp(), step, stable));
      }
    }
  }
  return states;
}

TEST(Rollback, IsInstantAndLatchedWhereverTheRolloutStands) {
  for (const auto& state : rollouts_in_progress()) {
    const auto decision = decide(state, ramp(), evidence({rolls_back}), at(1ms));
    EXPECT_EQ(kinds(decision), "rollback");
    EXPECT_EQ(decision.next.phase, Phase::degraded);
    EXPECT_EQ(decision.next.pause_reason, PauseReason::none);
    EXPECT_EQ(decision.next.weight, Weight::none());
    EXPECT_EQ(decision.next.stable, state.stable) << "roles stay";
    EXPECT_EQ(decision.next.epoch, state.epoch);
    EXPECT_EQ(decision.next.step, state.step) << "where it failed stays visible";
    EXPECT_EQ(kinds(decide(decision.next, ramp(), evidence({rolls_back}), at(2ms))), "");
    EXPECT_EQ(decide(decision.next, ramp(), all_fine(), at(1h)).next, decision.next) << "latched";
  }
}

TEST(Rollback, SaysWhy) {
  RolloutPolicy policy = ramp();
  GuardPanel panel(policy);
  panel.observe({{1000, 1, 0}, {40, 5, 0}, Weight::percent(5)}, {2, 2}, at(0ms));
  panel.observe({{0, 0, 0}, {10, 5, 0}, Weight::percent(5)}, {0, 2}, at(1ms));
  const Evidence seen{panel.assess(at(1ms)), 50};
  const auto decision = decide(progressing(policy), policy, seen, at(1ms));
  ASSERT_EQ(kinds(decision), "rollback");
  const auto& told = decision.transitions.at(0);
  EXPECT_EQ(told.reason,
            "errors: canary 20% (10/50) against stable 0.1% (1/1000): evidence 6.78e+09 above 100; "
            "health: canary 0% (0/2) healthy, below 50%");
  EXPECT_EQ(told.to.reason, told.reason);
  EXPECT_EQ(told.from.phase, Phase::progressing);
  EXPECT_EQ(told.to, decision.next);
  EXPECT_EQ(told.assessments.size(), 3U);
  EXPECT_EQ(told.guard, "errors") << "the first of the two";
}

TEST(Transition, NamesTheGuardThatActed) {
  const auto slow = [](GuardAction action) { return worse(action, "latency"); };
  const auto unwell = [](GuardAction action) { return worse(action, "health"); };
  using enum GuardAction;
  const std::pair<std::vector<Assessment>, const char*> rows[] = {
      {{slow(GuardAction::rollback)}, "latency"},
      {{slow(warn), unwell(GuardAction::rollback)}, "health"},
      {{slow(hold), unwell(warn)}, "latency"},
      {{found(Verdict::fine), unwell(warn)}, "health"},
  };
  for (const auto& [found, guard] : rows) {
    const auto decision = decide(progressing(ramp()), ramp(), evidence(found), at(1ms));
    ASSERT_EQ(decision.transitions.size(), 1U);
    EXPECT_EQ(decision.transitions[0].guard, guard);
  }
  const auto step = decide(progressing(ramp()), ramp(), all_fine(), at(1h));
  ASSERT_EQ(kinds(step), "step");
  EXPECT_EQ(step.transitions[0].guard, "");
}

TEST(Rollback, ComesBeforeAStepThatIsOver) {
  EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), evidence({rolls_back}), at(1h))), "rollback");
}

TEST(Verdicts, ActInTheOrderRollbackHoldWarn) {
  const std::pair<std::vector<Assessment>, const char*> rows[] = {
      {{warns, holds, rolls_back}, "rollback"},
      {{holds, rolls_back}, "rollback"},
      {{warns, rolls_back}, "rollback"},
      {{warns, holds}, "hold"},
      {{warns}, "warn"},
      {{}, ""},
  };
  for (const auto& [found, kind] : rows) {
    EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), evidence(found), at(1ms))), kind);
  }
}

TEST(Verdicts, ThatAreInsufficientOrFineActOnNothing) {
  for (const auto verdict : {Verdict::insufficient, Verdict::fine}) {
    for (const auto what : {GuardAction::rollback, GuardAction::hold, GuardAction::warn}) {
      for (const auto& state : rollouts_in_progress()) {
        const auto decision = decide(state, ramp(), evidence({found(verdict, what)}), at(1ms));
        EXPECT_EQ(kinds(decision), "");
        EXPECT_EQ(decision.next.phase, state.phase);
      }
    }
  }
}

TEST(Verdicts, OutsideARolloutChangeNothing) {
  for (const auto& state : {healthy(), healthy(Version::green, true), degraded()}) {
    const auto decision = decide(state, ramp(), evidence({rolls_back, holds, warns}), at(1h));
    EXPECT_EQ(decision.next, state);
    EXPECT_EQ(kinds(decision), "");
  }
}

TEST(Hold, PausesOnceWhereverTheRolloutStands) {
  for (const auto& state : rollouts_in_progress()) {
    const bool held_already = state.pause_reason == PauseReason::guard;
    const auto decision = decide(state, ramp(), evidence({holds}), at(1ms));
    EXPECT_EQ(kinds(decision), held_already ? "" : "hold");
    EXPECT_EQ(decision.next.phase, Phase::paused);
    EXPECT_EQ(decision.next.pause_reason, PauseReason::guard);
    EXPECT_EQ(decision.next.weight, state.weight);
    EXPECT_EQ(kinds(decide(decision.next, ramp(), evidence({holds}), at(2ms))), "");
  }
}

TEST(Hold, StaysUntilAnOperatorResumes) {
  auto state = decide(progressing(ramp()), ramp(), evidence({holds}), at(1s)).next;
  state = decide(state, ramp(), all_fine(), at(1h)).next;
  EXPECT_EQ(state.pause_reason, PauseReason::guard);
  state = accepted(apply(state, ramp(), action(Action::resume), at(2h))).next;
  EXPECT_EQ(state.phase, Phase::progressing);
  EXPECT_EQ(state.held, 1s);
  EXPECT_EQ(kinds(decide(state, ramp(), evidence({holds}), at(2h))), "hold") << "still worse";
}

TEST(Hold, TurnsIntoRollbackWhenAGuardDemandsIt) {
  const auto held = paused(PauseReason::guard, ramp());
  EXPECT_EQ(kinds(decide(held, ramp(), evidence({holds, rolls_back}), at(1s))), "rollback");
}

TEST(Warning, IsToldWhenAGuardTurnsWorseAndNotEachTime) {
  const std::pair<Verdict, const char*> rows[] = {
      {Verdict::fine, ""},         {Verdict::worse, "warn"}, {Verdict::worse, ""},
      {Verdict::insufficient, ""}, {Verdict::worse, ""},     {Verdict::fine, ""},
      {Verdict::worse, "warn"},
  };
  auto state = progressing(ramp());
  int row = 0;
  for (const auto& [verdict, kind] : rows) {
    const auto decision = decide(state, ramp(), evidence({found(verdict, GuardAction::warn)}),
                                 at(Milliseconds(++row)));
    EXPECT_EQ(kinds(decision), kind) << "row " << row;
    EXPECT_EQ(decision.next.phase, Phase::progressing);
    state = decision.next;
  }
}

TEST(Warning, OfEachGuardIsToldForItself) {
  const auto slow = worse(GuardAction::warn, "latency");
  auto decision = decide(progressing(ramp()), ramp(), evidence({warns, slow}), at(1ms));
  EXPECT_EQ(kinds(decision), "warn warn");
  EXPECT_EQ(decision.transitions[0].reason, "health: as found");
  EXPECT_EQ(decision.transitions[1].reason, "latency: as found");
  decision = decide(decision.next, ramp(),
                    evidence({found(Verdict::fine, GuardAction::warn, "health"), slow}), at(2ms));
  EXPECT_EQ(kinds(decision), "");
  decision = decide(decision.next, ramp(), evidence({warns, slow}), at(3ms));
  EXPECT_EQ(kinds(decision), "warn");
}

TEST(Warning, IsToldOfAPausedRolloutToo) {
  const auto held = paused(PauseReason::guard, ramp());
  EXPECT_EQ(kinds(decide(held, ramp(), evidence({holds, warns}), at(1s))), "warn");
}

TEST(Warning, BelongsToItsRollout) {
  auto state = decide(progressing(ramp()), ramp(), evidence({warns}), at(1s)).next;
  state = accepted(apply(state, ramp(), action(Action::abort), at(2s))).next;
  state = accepted(apply(state, ramp(), action(Action::retry), at(3s))).next;
  EXPECT_EQ(kinds(decide(state, ramp(), evidence({warns}), at(4s))), "warn");
}

TEST(Driver, WhoFallsSilentEndsTheRolloutWhereverItStands) {
  const auto policy = driven(ramp(), 30s);
  for (const auto& state : rollouts_in_progress()) {
    EXPECT_EQ(kinds(decide(state, policy, {}, at(30s))), "") << "in time";
    const auto decision = decide(state, policy, {}, at(30'001ms));
    EXPECT_EQ(kinds(decision), "rollback");
    EXPECT_EQ(decision.next.reason, "driver timeout: no heartbeat for 30 s");
    EXPECT_EQ(decision.next.weight, Weight::none());
  }
}

TEST(Driver, IsHeardByHeartbeatsAndActions) {
  const auto policy = driven(ramp(), 30s);
  for (const auto& what : {action(Action::heartbeat), action(Action::pause), action(Action::resume),
                           action(Action::promote), to_weight(Weight::percent(7))}) {
    const auto state = accepted(apply(progressing(policy), policy, what, at(29s))).next;
    EXPECT_EQ(state.driver_seen, at(29s));
    EXPECT_EQ(kinds(decide(state, policy, {}, at(59s))), "") << name_of(what.action);
    EXPECT_EQ(kinds(decide(state, policy, {}, at(60s))), "rollback") << name_of(what.action);
  }
}

TEST(Driver, HasTheWholeTimeoutAfterARestart) {
  const auto policy = driven(ramp(), 30s);
  auto state = progressing(policy);
  state.driver_seen.reset();
  state = decide(state, policy, {}, at(1h)).next;
  EXPECT_EQ(kinds(decide(state, policy, {}, at(1h + 30s))), "");
  EXPECT_EQ(kinds(decide(state, policy, {}, at(1h + 31s))), "rollback");
}

TEST(Driver, MayBeSilentWhereThePolicySaysNothing) {
  EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), {}, at(1000h))), "");
}

TEST(Driver, IsNeverMissedOutsideARollout) {
  const auto policy = driven(ramp(), 30s);
  for (const auto& state : {healthy(), degraded()}) {
    EXPECT_EQ(decide(state, policy, {}, at(1h)).next, state);
  }
}

RolloutPolicy impatient() {
  auto policy = ramp();
  policy.max_wait = 1min;
  return policy;
}

const auto unknown = found(Verdict::insufficient);

TEST(MissingEvidence, PausesTheRolloutAfterMaxWaitAndSaysSo) {
  const Evidence few{{unknown}, 4};
  const auto waiting = decide(progressing(impatient()), impatient(), few, at(69'999ms));
  EXPECT_EQ(kinds(waiting), "");
  const auto paused = decide(progressing(impatient()), impatient(), few, at(70s));
  ASSERT_EQ(kinds(paused), "hold");
  EXPECT_EQ(paused.next.phase, Phase::paused);
  EXPECT_EQ(paused.next.pause_reason, PauseReason::evidence);
  EXPECT_EQ(paused.next.weight, Weight::percent(5)) << "nobody is moved";
  EXPECT_EQ(paused.next.reason,
            "evidence is missing after 60 s; the step has 4 of 20 requests; errors: as found");
}

TEST(MissingEvidence, WaitsForEverByDefault) {
  EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), evidence({unknown}), at(100h))), "");
}

TEST(MissingEvidence, IsWaitedForAnewAfterResume) {
  const auto policy = impatient();
  auto state = decide(progressing(policy), policy, evidence({unknown}), at(70s)).next;
  state = accepted(apply(state, policy, action(Action::resume), at(2h))).next;
  EXPECT_EQ(kinds(decide(state, policy, evidence({unknown}), at(2h + 59s))), "");
  EXPECT_EQ(kinds(decide(state, policy, evidence({unknown}), at(2h + 60s))), "hold");
  EXPECT_EQ(kinds(decide(state, policy, all_fine(), at(2h + 1s))), "step") << "the hold was served";
}

}  // namespace
}  // namespace weir::rollout
