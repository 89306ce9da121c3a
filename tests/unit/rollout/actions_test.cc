#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

class Actions : public testing::TestWithParam<Version> {
 protected:
  Version stable() const { return GetParam(); }

  RolloutState in(std::string_view phase) const {
    if (phase == "Healthy") return healthy(stable());
    if (phase == "finished") return healthy(stable(), true);
    if (phase == "Degraded") return degraded(stable());
    if (phase == "Progressing") return progressing(ramp(), 1, stable());
    return paused(*pause_reason_named(phase), ramp(), 1, stable());
  }
};

INSTANTIATE_TEST_SUITE_P(StableIs, Actions, testing::ValuesIn(both_versions),
                         [](const auto& run) { return std::string(name_of(run.param)); });

/// Where an action leads, in short; "refused", "same", or a transition and its state.
std::string brief(const RolloutState& from, const std::variant<Decision, Refusal>& answer) {
  if (std::holds_alternative<Refusal>(answer)) return "refused";
  const auto& decision = std::get<Decision>(answer);
  if (decision.transitions.empty()) return "same";
  const auto& next = decision.next;
  auto text = kinds(decision) + " -> " + std::string(name_of(next.phase));
  if (next.phase == Phase::paused) text += "(" + std::string(name_of(next.pause_reason)) + ")";
  if (next.in_progress()) text += " " + percent_text(next.weight);
  if (next.epoch != from.epoch) text += " epoch+" + std::to_string(next.epoch - from.epoch);
  if (next.stable != from.stable) text += " swapped";
  return text;
}

// Every action in every phase; a rollout in progress stands in the step of 25 %.
TEST_P(Actions, LeadWhereThisTableSays) {
  const std::vector<const char*> phases = {"Healthy", "finished", "Degraded", "Progressing",
                                           "gate",    "operator", "guard",    "weight"};
  struct Row {
    ActionRequest request;
    std::vector<const char*> leads;
  };
  const auto* const started = "start -> Progressing 5% epoch+1";
  const auto* const paused_now = "pause -> Paused(operator) 25%";
  const auto* const resumed = "resume -> Progressing 25%";
  const auto* const promoted = "promote -> Progressing 50%";
  const auto* const promoted_fully = "promote -> Progressing 100%";
  const auto* const aborted = "abort -> Degraded";
  const auto* const weighed = "set-weight -> Paused(weight) 33%";
  const auto* const no = "refused";
  const Row rows[] = {
      {action(Action::start), {started, started, started, no, no, no, no, no}},
      {action(Action::pause), {no, no, no, paused_now, "same", "same", "same", "same"}},
      {action(Action::resume),
       {no, no, no, "same", "resume -> Progressing 50%", resumed, resumed, resumed}},
      {action(Action::promote), {no, no, no, promoted, promoted, promoted, promoted, promoted}},
      {promote_full(),
       {no, no, no, promoted_fully, promoted_fully, promoted_fully, promoted_fully,
        promoted_fully}},
      {action(Action::abort),
       {"same", "same", "same", aborted, aborted, aborted, aborted, aborted}},
      {action(Action::retry), {no, no, "retry -> Progressing 5% epoch+1", no, no, no, no, no}},
      {action(Action::undo), {no, "undo -> Healthy epoch+1 swapped", no, no, no, no, no, no}},
      {to_weight(*Weight::from_basis_points(3'300)),
       {no, no, no, weighed, weighed, weighed, weighed, weighed}},
      {action(Action::heartbeat), {no, no, no, "same", "same", "same", "same", "same"}},
  };
  for (const auto& [request, leads] : rows) {
    ASSERT_EQ(leads.size(), phases.size());
    for (std::size_t i = 0; i < phases.size(); ++i) {
      const auto from = in(phases[i]);
      EXPECT_EQ(brief(from, apply(from, ramp(), request, at(1s))), leads[i])
          << name_of(request.action) << (request.full ? " --full" : "") << " in " << phases[i];
    }
  }
}

TEST_P(Actions, ThatAreRefusedSayWhy) {
  const auto why = [this](std::string_view phase, Action what) {
    return refusal(apply(in(phase), ramp(), action(what), at(1s)));
  };
  EXPECT_EQ(why("Healthy", Action::pause), "cannot pause: the rollout is Healthy");
  EXPECT_EQ(why("Progressing", Action::start), "cannot start: the rollout is Progressing");
  EXPECT_EQ(why("gate", Action::retry), "cannot retry: the rollout is Paused");
  EXPECT_EQ(why("Degraded", Action::set_weight), "cannot set-weight: the rollout is Degraded");
  EXPECT_EQ(why("Degraded", Action::undo), "cannot undo: the rollout is Degraded");
  EXPECT_EQ(why("Healthy", Action::undo), "cannot undo: there is no finished rollout to undo");
}

TEST_P(Actions, StartEntersTheFirstStepOfANewEpoch) {
  auto request = action(Action::start);
  request.revision = "v2";
  auto from = healthy(stable(), true);
  from.step = 4;
  from.step_requests = 9;
  from.held = 9s;
  from.warned = {"errors"};
  const auto next = accepted(apply(from, ramp(), request, at(0ms))).next;
  auto expected = progressing(ramp(), 0, stable());
  expected.epoch = 8;
  expected.revision = "v2";
  expected.reason = std::string(name_of(other(stable()))) + ": step 1 of 4, 5%";
  EXPECT_EQ(next, expected);
}

TEST_P(Actions, RetryIsAStartOfTheSameRevision) {
  auto from = degraded(stable());
  from.held = 9s;
  from.step_requests = 9;
  auto expected = progressing(ramp(), 0, stable());
  expected.epoch = 8;
  expected.reason = std::string(name_of(other(stable()))) + ": step 1 of 4, 5%";
  EXPECT_EQ(accepted(apply(from, ramp(), action(Action::retry), at(0ms))).next, expected);
}

TEST_P(Actions, AbortKeepsStableAndSendsItEverything) {
  const auto next = accepted(apply(in("Progressing"), ramp(), action(Action::abort), at(1s))).next;
  EXPECT_EQ(next.phase, Phase::degraded);
  EXPECT_EQ(next.weight, Weight::none());
  EXPECT_EQ(next.stable, stable());
  EXPECT_FALSE(next.can_undo);
}

TEST_P(Actions, UndoSwapsBackOnce) {
  const auto next = accepted(apply(in("finished"), ramp(), action(Action::undo), at(1s))).next;
  EXPECT_EQ(next.stable, other(stable()));
  EXPECT_EQ(next.epoch, 8U);
  EXPECT_EQ(next.weight, Weight::none());
  EXPECT_NE(refusal(apply(next, ramp(), action(Action::undo), at(2s))), "");
}

TEST(Action, TellsOneTransitionWithItsReason) {
  auto request = action(Action::pause);
  const auto from = progressing(ramp());
  EXPECT_EQ(accepted(apply(from, ramp(), request, at(1s))).next.reason, "paused by an operator");
  request.reason = "lunch";
  const auto decision = accepted(apply(from, ramp(), request, at(1s)));
  ASSERT_EQ(decision.transitions.size(), 1U);
  EXPECT_EQ(decision.transitions[0].kind, "pause");
  EXPECT_EQ(decision.transitions[0].reason, "lunch");
  EXPECT_EQ(decision.transitions[0].from, from);
  EXPECT_EQ(decision.transitions[0].to, decision.next);
  EXPECT_EQ(decision.next.reason, "lunch");
}

TEST(Heartbeat, ChangesNothingButWhenTheDriverWasSeen) {
  for (const auto reason : {PauseReason::gate, PauseReason::operator_request}) {
    const auto from = paused(reason, ramp());
    auto expected = from;
    expected.driver_seen = at(3s);
    EXPECT_EQ(accepted(apply(from, ramp(), action(Action::heartbeat), at(3s))).next, expected);
  }
}

TEST(Promote, WalksTheRampWithoutWaiting) {
  auto state = progressing(ramp());
  std::string path;
  while (state.in_progress()) {
    const auto decision = accepted(apply(state, ramp(), action(Action::promote), at(1s)));
    path += kinds(decision) + ' ' + percent_text(decision.next.weight) + ' ';
    state = decision.next;
  }
  EXPECT_EQ(path, "promote 25% promote 50% promote 100% finish 0% ");
  EXPECT_EQ(state.stable, Version::green);
  EXPECT_TRUE(state.can_undo);
}

TEST(Promote, BeginsTheStepAfresh) {
  auto from = paused(PauseReason::operator_request, ramp());
  from.held = 9s;
  from.step_requests = 9;
  const auto next = accepted(apply(from, ramp(), action(Action::promote), at(5s))).next;
  EXPECT_EQ(next.held, 0ms);
  EXPECT_EQ(next.step_requests, 0U);
  EXPECT_EQ(next.held_at, at(5s));
}

TEST(PromoteFull, BakesInALastStepOfEverything) {
  const auto state = accepted(apply(progressing(ramp()), ramp(), promote_full(), at(0ms))).next;
  EXPECT_EQ(state.step, 3U);
  EXPECT_EQ(state.weight, Weight::all());
  EXPECT_EQ(kinds(decide(state, ramp(), all_fine(), at(9s))), "");
  EXPECT_EQ(kinds(decide(state, ramp(), all_fine(), at(10s))), "finish");
}

TEST(PromoteFull, BakesAlsoWhereSomeAreHeldBackFromThatStep) {
  auto policy = ramp();
  policy.hold_back = Weight::percent(1);
  policy.steps.back().weight = Weight::percent(99);
  const auto state = accepted(apply(progressing(policy), policy, promote_full(), at(0ms))).next;
  EXPECT_EQ(state.weight, Weight::percent(99));
  EXPECT_EQ(state.phase, Phase::progressing);
  EXPECT_EQ(state.reason, "step 4 of 4, 99%, 1% held back");
  EXPECT_EQ(kinds(accepted(apply(state, policy, promote_full(), at(1s)))), "");
}

TEST(PromoteFull, FinishesAtOnceWhereTheRampEndsBelow) {
  const auto policy = ramp_to_half();
  const auto decision = accepted(apply(progressing(policy), policy, promote_full(), at(0ms)));
  EXPECT_EQ(kinds(decision), "finish");
  EXPECT_EQ(decision.next.stable, Version::green);
}

TEST(PromoteFull, RepeatedDoesNotCutTheBakeShort) {
  auto state = progressing(ramp(), 3);
  EXPECT_EQ(kinds(accepted(apply(state, ramp(), promote_full(), at(1s)))), "");
  state = paused(PauseReason::operator_request, ramp(), 3);
  EXPECT_EQ(kinds(accepted(apply(state, ramp(), promote_full(), at(1s)))), "resume");
  state = paused(PauseReason::gate, ramp(), 3);
  EXPECT_EQ(kinds(accepted(apply(state, ramp(), promote_full(), at(1s)))), "finish");
}

TEST(Gate, IsPassedByPromoteAndByResume) {
  const auto policy = gated(ramp());
  for (const auto what : {Action::promote, Action::resume}) {
    const auto state = paused(PauseReason::gate, policy, 1);
    const auto decision = accepted(apply(state, policy, action(what), at(1s)));
    EXPECT_EQ(kinds(decision), name_of(what));
    EXPECT_EQ(decision.next.weight, Weight::percent(50));
    const auto last = paused(PauseReason::gate, policy, 3);
    EXPECT_EQ(kinds(accepted(apply(last, policy, action(what), at(1s)))), "finish");
  }
}

TEST(SetWeight, StandsStillAndResumeEntersTheFirstStepAbove) {
  struct Row {
    std::uint32_t from_step;
    std::uint32_t set_basis_points;
    const char* resumed;  ///< "step weight"
  };
  const Row rows[] = {
      {2, 0, "0 5%"},       {2, 100, "0 5%"},     {2, 500, "1 25%"},
      {2, 1'000, "1 25%"},  {0, 2'499, "1 25%"},  {0, 2'500, "2 50%"},
      {0, 6'000, "3 100%"}, {3, 9'999, "3 100%"}, {0, 10'000, "3 100%"},
  };
  for (const auto& [from_step, points, resumed] : rows) {
    auto from = progressing(ramp(), from_step);
    from.step_requests = 9;
    const auto weight = *Weight::from_basis_points(points);
    const auto set = accepted(apply(from, ramp(), to_weight(weight), at(1s))).next;
    EXPECT_EQ(set.weight, weight);
    EXPECT_EQ(set.pause_reason, PauseReason::weight_set);
    EXPECT_EQ(set.held, 0ms);
    EXPECT_EQ(set.step_requests, 0U);
    EXPECT_EQ(decide(set, ramp(), all_fine(), at(1h)).next.weight, weight) << "stays put";
    for (const auto what : {Action::resume, Action::promote}) {
      if (what == Action::promote && points == 10'000) continue;  // promotes past the last step
      const auto next = accepted(apply(set, ramp(), action(what), at(2s))).next;
      EXPECT_EQ(std::to_string(next.step) + ' ' + percent_text(next.weight), resumed) << points;
      EXPECT_EQ(next.phase, Phase::progressing);
    }
  }
}

TEST(SetWeight, AboveEveryStepGoesOnInTheLastAndThenFinishes) {
  const auto policy = ramp_to_half();
  const auto set =
      accepted(apply(progressing(policy), policy, to_weight(Weight::percent(80)), at(0ms))).next;
  const auto resumed = accepted(apply(set, policy, action(Action::resume), at(0ms))).next;
  EXPECT_EQ(resumed.weight, Weight::percent(80));
  EXPECT_EQ(kinds(decide(resumed, policy, all_fine(), at(9s))), "");
  EXPECT_EQ(kinds(decide(resumed, policy, all_fine(), at(10s))), "finish");
  EXPECT_EQ(kinds(accepted(apply(set, policy, action(Action::promote), at(0ms)))), "finish");
}

TEST(SetWeight, KeepsItsPlaceWhenAGuardHolds) {
  auto state = progressing(ramp(), 2);
  state = accepted(apply(state, ramp(), to_weight(Weight::percent(10)), at(1s))).next;
  state = decide(state, ramp(), {{worse(GuardAction::hold)}, 0}, at(2s)).next;
  EXPECT_EQ(state.pause_reason, PauseReason::guard);
  state = accepted(apply(state, ramp(), action(Action::resume), at(3s))).next;
  EXPECT_EQ(state.weight, Weight::percent(25));
}

TEST(SetWeight, RepeatedChangesNothing) {
  const auto request = to_weight(Weight::percent(10));
  const auto set = accepted(apply(progressing(ramp()), ramp(), request, at(1s))).next;
  EXPECT_EQ(kinds(accepted(apply(set, ramp(), request, at(2s)))), "");
}

}  // namespace
}  // namespace weir::rollout
