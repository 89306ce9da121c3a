#include "rollout/hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using testing::ElementsAre;
using testing::IsEmpty;
using At = Hook::At;

Hook hook(std::string name, At at, Hook::OnFailure on_failure = Hook::OnFailure::hold) {
  Hook made;
  made.name = std::move(name);
  made.at = at;
  made.on_failure = on_failure;
  return made;
}

RolloutPolicy asking(std::vector<Hook> hooks, RolloutPolicy policy = ramp()) {
  policy.hooks = std::move(hooks);
  return policy;
}

/// The step is over as far as guards go, and these hooks have answered.
Evidence answered(std::vector<HookReport> reports) {
  auto evidence = all_fine();
  evidence.hooks = std::move(reports);
  return evidence;
}

RolloutState started(const RolloutPolicy& policy) {
  return accepted(apply(healthy(), policy, action(Action::start), at(0ms))).next;
}

HookReport report(HookVerdict verdict, std::string name = "qa") {
  return {std::move(name), verdict, "as found"};
}

TEST(Hooks, AStartWaitsForThoseBeforeItWithoutAnyWeight) {
  const auto policy = asking({hook("qa", At::before_start)});
  const auto state = started(policy);
  EXPECT_EQ(state.phase, Phase::progressing);
  EXPECT_EQ(state.weight, Weight::none());
  const auto waits = decide(state, policy, {}, at(1h));
  EXPECT_EQ(kinds(waits), "");
  EXPECT_THAT(waits.asks, ElementsAre("qa"));
  const auto goes_on = decide(waits.next, policy, answered({report(HookVerdict::pass)}), at(1h));
  EXPECT_EQ(kinds(goes_on), "step");
  EXPECT_EQ(goes_on.next.weight, Weight::percent(5));
  EXPECT_EQ(goes_on.next.step, 0U);
  EXPECT_EQ(goes_on.next.held, 0ms);
}

TEST(Hooks, AStartWithoutAnyBeforeItIsAtOnce) {
  const auto policy = asking({hook("qa", At::before_promotion), hook("told", At::after_rollback)});
  EXPECT_EQ(started(policy).weight, Weight::percent(5));
}

struct Occasion {
  const char* what;
  RolloutState state;
  std::vector<std::string> asked;
};

TEST(Hooks, AreAskedWhenTheirTimeHasCome) {
  const auto policy =
      asking({hook("start", At::before_start), hook("step", At::before_step),
              hook("end", At::before_promotion), hook("sorry", At::after_rollback)});
  const std::vector<Occasion> occasions{
      {"before the first step", started(policy), {"start", "step"}},
      {"between steps", progressing(policy, 1), {"step"}},
      {"before the last step", progressing(policy, 2), {"step"}},
      {"after the last step", progressing(policy, 3), {"end"}},
      {"after a rollback", degraded(), {"sorry"}},
      {"outside a rollout", healthy(), {}},
      {"paused", paused(PauseReason::operator_request, policy, 1), {}},
      {"held at a gate", paused(PauseReason::gate, policy, 1), {}}};
  for (const auto& [what, state, asked] : occasions) {
    EXPECT_EQ(decide(state, policy, all_fine(), at(10s)).asks, asked) << what;
  }
}

TEST(Hooks, AreNotAskedWhileTheStepIsNotOver) {
  const auto policy = asking({hook("qa", At::before_step)});
  const auto asks = [&](const Evidence& evidence, Milliseconds held) {
    return decide(progressing(policy), policy, evidence, at(held)).asks;
  };
  EXPECT_THAT(asks(all_fine(), 9s), IsEmpty());
  EXPECT_THAT(asks({{found(Verdict::insufficient)}, 20}, 10s), IsEmpty());
  EXPECT_THAT(asks({{found(Verdict::fine)}, 19}, 10s), IsEmpty());
  EXPECT_THAT(asks(all_fine(), 10s), ElementsAre("qa"));
}

struct Answer {
  HookVerdict verdict;
  Hook::OnFailure on_failure;
  const char* kind;
  Phase phase;
};

TEST(Hooks, DecideByWhatTheyAnswer) {
  using enum HookVerdict;
  using enum Hook::OnFailure;
  for (const auto& [verdict, on_failure, kind, phase] :
       {Answer{pass, hold, "step", Phase::progressing},
        Answer{pass, rollback, "step", Phase::progressing},
        Answer{fail, hold, "hold", Phase::paused},
        Answer{fail, rollback, "rollback", Phase::degraded},
        Answer{error, hold, "hold", Phase::paused},
        Answer{error, rollback, "hold", Phase::paused}}) {
    const auto policy = asking({hook("qa", At::before_step, on_failure)});
    const auto decision = decide(progressing(policy), policy, answered({report(verdict)}), at(10s));
    EXPECT_EQ(kinds(decision), kind) << name_of(verdict);
    EXPECT_EQ(decision.next.phase, phase) << name_of(verdict);
    if (verdict == pass) continue;
    EXPECT_EQ(decision.next.reason, "hook qa: as found");
    EXPECT_THAT(decision.asks, IsEmpty());
  }
}

TEST(Hooks, AllMustPassAndThoseThatDidAreRemembered) {
  const auto policy = asking({hook("a", At::before_step), hook("b", At::before_step)});
  const auto first =
      decide(progressing(policy), policy, answered({report(HookVerdict::pass, "a")}), at(10s));
  EXPECT_EQ(kinds(first), "");
  EXPECT_THAT(first.asks, ElementsAre("b"));
  const auto after_a_restart = decide(first.next, policy, all_fine(), at(10s));
  EXPECT_THAT(after_a_restart.asks, ElementsAre("b"));
  const auto last = decide(first.next, policy, answered({report(HookVerdict::pass, "b")}), at(10s));
  EXPECT_EQ(kinds(last), "step");
  EXPECT_THAT(last.next.passed_hooks, IsEmpty()) << "each step asks anew";
}

TEST(Hooks, OneRefusalIsEnough) {
  const auto policy = asking({hook("a", At::before_step), hook("b", At::before_step)});
  const auto decision =
      decide(progressing(policy), policy, answered({report(HookVerdict::fail, "b")}), at(10s));
  EXPECT_EQ(kinds(decision), "hold");
  EXPECT_EQ(decision.next.pause_reason, PauseReason::gate);
}

TEST(Hooks, HoldUpNoGuardAndNoAbort) {
  const auto policy = asking({hook("qa", At::before_start)});
  const auto waiting = decide(started(policy), policy, {}, at(1s)).next;
  EXPECT_EQ(kinds(decide(waiting, policy, {{worse(GuardAction::rollback)}, 0}, at(1s))),
            "rollback");
  const auto aborted = accepted(apply(waiting, policy, action(Action::abort), at(1s)));
  EXPECT_EQ(aborted.next.phase, Phase::degraded);
}

TEST(Hooks, TheDriverMustNotFallSilentMeanwhile) {
  const auto policy = asking({hook("qa", At::before_start)}, driven(ramp(), 30s));
  EXPECT_EQ(kinds(decide(started(policy), policy, {}, at(31s))), "rollback");
}

TEST(Hooks, PromoteAndResumeOverruleOneThatHolds) {
  const auto policy = asking({hook("qa", At::before_start)});
  const auto held = decide(started(policy), policy, answered({report(HookVerdict::error)}), at(1s));
  ASSERT_EQ(held.next.phase, Phase::paused);
  for (const auto what : {Action::promote, Action::resume}) {
    const auto next = accepted(apply(held.next, policy, action(what), at(2s))).next;
    EXPECT_EQ(next.weight, Weight::percent(5)) << name_of(what);
    EXPECT_EQ(next.phase, Phase::progressing) << name_of(what);
  }
}

TEST(Hooks, WhoPausesWhileTheyAreAskedOverrulesNothingByResuming) {
  const auto policy = asking({hook("qa", At::before_start)});
  const auto paused_before =
      accepted(apply(started(policy), policy, action(Action::pause), at(1s)));
  const auto resumed =
      accepted(apply(paused_before.next, policy, action(Action::resume), at(2s))).next;
  EXPECT_EQ(resumed.weight, Weight::none());
  EXPECT_THAT(decide(resumed, policy, {}, at(3s)).asks, ElementsAre("qa"));
}

TEST(Hooks, APersonAtTheGateIsAskedLast) {
  const auto policy = asking({hook("qa", At::before_step)}, gated(ramp()));
  const auto asked = decide(progressing(policy), policy, all_fine(), at(10s));
  EXPECT_EQ(kinds(asked), "");
  const auto passed = decide(asked.next, policy, answered({report(HookVerdict::pass)}), at(10s));
  EXPECT_EQ(kinds(passed), "gate");
}

TEST(Hooks, AreToldOfARollbackOnce) {
  const auto policy = asking({hook("sorry", At::after_rollback)});
  const auto told =
      decide(degraded(), policy, answered({report(HookVerdict::pass, "sorry")}), at(1s));
  EXPECT_EQ(kinds(told), "");
  EXPECT_THAT(decide(told.next, policy, {}, at(2s)).asks, IsEmpty());
}

TEST(Hooks, ThatCannotBeToldOfARollbackChangeNothingAboutIt) {
  const auto policy = asking({hook("sorry", At::after_rollback)});
  auto state = degraded();
  state.reason = "errors: 5 of 9";
  for (const auto verdict : {HookVerdict::fail, HookVerdict::error}) {
    const auto told = decide(state, policy, answered({report(verdict, "sorry")}), at(1s));
    EXPECT_EQ(kinds(told), "warn");
    EXPECT_EQ(told.transitions.front().reason, "hook sorry: as found");
    EXPECT_EQ(told.next.phase, Phase::degraded);
    EXPECT_EQ(told.next.reason, "errors: 5 of 9");
    EXPECT_EQ(kinds(decide(told.next, policy, {}, at(2s))), "");
  }
}

TEST(Hooks, AreAskedAnewInTheNextRollout) {
  const auto policy = asking({hook("qa", At::before_start), hook("sorry", At::after_rollback)});
  auto state = degraded();
  state.passed_hooks = {"sorry"};
  const auto retried = accepted(apply(state, policy, action(Action::retry), at(1s))).next;
  EXPECT_THAT(decide(retried, policy, {}, at(2s)).asks, ElementsAre("qa"));
}

TEST(Hooks, TakenOutOfThePolicyWhileTheyAreAskedLetTheRolloutBegin) {
  const auto waiting = started(asking({hook("qa", At::before_start)}));
  EXPECT_EQ(kinds(decide(waiting, ramp(), {}, at(1s))), "step");
}

}  // namespace
}  // namespace weir::rollout
