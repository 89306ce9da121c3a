#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using namespace std::chrono;
using testing::HasSubstr;

/// 2026-11-26, a Thursday.
WallTime thursday(minutes time) { return sys_days(2026y / November / 26) + time; }

constexpr std::array<bool, 7> all_days{true, true, true, true, true, true, true};

RolloutPolicy frozen_at_noon(RolloutPolicy policy) {
  policy.freeze.push_back({"noon", {}, all_days, 12h, 13h, {}, {}});
  return policy;
}

Conditions at_noon() { return {thursday(12h), 0, {}}; }
Conditions at_one() { return {thursday(13h), 0, {}}; }

/// Four endpoints of 100 requests/s in each pool.
Conditions loaded(double load, std::uint32_t healthy_blue = 4, std::uint32_t healthy_green = 4) {
  return {thursday(9h), load, {{PoolCapacity{healthy_blue, 4, 100}, {healthy_green, 4, 100}}}};
}

Evidence fine_under(const Conditions& conditions) {
  auto evidence = all_fine();
  evidence.conditions = conditions;
  return evidence;
}

Evidence bad_under(const Conditions& conditions) {
  return {{worse(GuardAction::rollback)}, 1, conditions};
}

const std::string noon = "freeze window noon until 2026-11-26 13:00 UTC";

ActionRequest forced(ActionRequest request) {
  request.force = true;
  return request;
}

TEST(Frozen, AStepThatIsOverHoldsAndSaysUntilWhen) {
  const auto policy = frozen_at_noon(ramp());
  const auto decision = decide(progressing(policy), policy, fine_under(at_noon()), at(10s));
  EXPECT_EQ(kinds(decision), "hold");
  EXPECT_EQ(decision.next.phase, Phase::progressing);
  EXPECT_EQ(decision.next.weight, Weight::percent(5));
  EXPECT_EQ(decision.next.reason, noon);
  EXPECT_EQ(decision.next.hold, (Hold{Hold::By::freeze, noon}));
}

TEST(Frozen, TellsOfItOnceAndGoesOnByItself) {
  const auto policy = frozen_at_noon(ramp());
  auto state = decide(progressing(policy), policy, fine_under(at_noon()), at(10s)).next;
  for (int look = 0; look < 100; ++look) {
    const auto found = look % 2 == 0 ? Verdict::fine : Verdict::insufficient;
    const auto decision = decide(state, policy, {{scenario::found(found)}, 0, at_noon()}, at(11s));
    ASSERT_EQ(kinds(decision), "");
    ASSERT_TRUE(decision.next.hold.has_value());
    state = decision.next;
  }
  const auto decision = decide(state, policy, fine_under(at_one()), at(12s));
  EXPECT_EQ(kinds(decision), "step");
  EXPECT_EQ(decision.next.weight, Weight::percent(25));
  EXPECT_EQ(decision.next.hold, std::nullopt);
}

TEST(Frozen, AHoldIsGoneWithTheWindowThoughEvidenceIsMissing) {
  const auto policy = frozen_at_noon(ramp());
  auto state = decide(progressing(policy), policy, fine_under(at_noon()), at(10s)).next;
  const Evidence little{{found(Verdict::insufficient)}, 0, at_one()};
  EXPECT_EQ(decide(state, policy, little, at(11s)).next.hold, std::nullopt);
}

TEST(Frozen, TheTimeOfAHoldIsNoWaitForEvidence) {
  auto policy = frozen_at_noon(ramp());
  policy.max_wait = 1min;
  auto state = decide(progressing(policy), policy, fine_under(at_noon()), at(10s)).next;
  const Evidence frozen{{found(Verdict::insufficient)}, 0, at_noon()};
  const Evidence thawed{{found(Verdict::insufficient)}, 0, at_one()};
  auto decision = decide(state, policy, frozen, at(1h));
  EXPECT_EQ(kinds(decision), "");
  decision = decide(decision.next, policy, thawed, at(1h + 1s));
  EXPECT_EQ(kinds(decision), "");
  EXPECT_EQ(decision.next.hold, std::nullopt);
  EXPECT_EQ(kinds(decide(decision.next, policy, thawed, at(1h + 60s))), "");
  EXPECT_EQ(kinds(decide(decision.next, policy, thawed, at(1h + 61s))), "hold");
}

TEST(Frozen, AStepThatIsNotOverSaysNothing) {
  const auto policy = frozen_at_noon(ramp());
  const auto decision = decide(progressing(policy), policy, fine_under(at_noon()), at(9s));
  EXPECT_EQ(kinds(decision), "");
  EXPECT_EQ(decision.next.hold, std::nullopt);
}

TEST(Frozen, AGateIsReachedAllTheSame) {
  const auto policy = frozen_at_noon(gated(ramp()));
  EXPECT_EQ(kinds(decide(progressing(policy), policy, fine_under(at_noon()), at(10s))), "gate");
}

TEST(Frozen, RollsBackAsEver) {
  const auto policy = frozen_at_noon(ramp());
  auto state = decide(progressing(policy), policy, fine_under(at_noon()), at(10s)).next;
  const auto decision = decide(state, policy, bad_under(at_noon()), at(11s));
  EXPECT_EQ(kinds(decision), "rollback");
  EXPECT_EQ(decision.next.weight, Weight::none());
  EXPECT_EQ(decision.next.hold, std::nullopt);
}

TEST(Frozen, FinishesWhereNothingRisesByIt) {
  const auto at_all = frozen_at_noon(ramp()), at_half = frozen_at_noon(ramp_to_half());
  EXPECT_EQ(kinds(decide(progressing(at_all, 3), at_all, fine_under(at_noon()), at(10s))),
            "finish");
  EXPECT_EQ(kinds(decide(progressing(at_half, 2), at_half, fine_under(at_noon()), at(10s))),
            "hold");
}

/// An action, from where, and what becomes of it while everything is frozen.
struct Row {
  RolloutState from;
  ActionRequest request;
  bool refused;
};

std::vector<Row> under_freeze() {
  const auto gate = paused(PauseReason::gate, ramp());
  const auto stopped = paused(PauseReason::operator_request, ramp());
  return {{healthy(), action(Action::start), true},
          {degraded(), action(Action::start), true},
          {degraded(), action(Action::retry), true},
          {progressing(ramp()), action(Action::promote), true},
          {progressing(ramp()), promote_full(), true},
          {gate, action(Action::resume), true},
          {gate, action(Action::promote), true},
          {stopped, action(Action::resume), false},
          {progressing(ramp(), 3), action(Action::promote), false},
          {progressing(ramp(), 1), to_weight(Weight::percent(26)), true},
          {progressing(ramp(), 1), to_weight(Weight::percent(25)), false},
          {progressing(ramp(), 1), to_weight(Weight::percent(1)), false},
          {progressing(ramp(), 1), action(Action::pause), false},
          {progressing(ramp(), 1), action(Action::heartbeat), false},
          {progressing(ramp(), 1), action(Action::abort), false},
          {gate, action(Action::abort), false},
          {healthy(Version::green, true), action(Action::undo), false}};
}

TEST(Frozen, AnActionIsRefusedWhereCanaryWouldGetMore) {
  const auto policy = frozen_at_noon(ramp());
  for (const auto& row : under_freeze()) {
    SCOPED_TRACE(std::string(name_of(row.request.action)) + " of " + row.from.reason);
    const auto answer = apply(row.from, policy, row.request, at(1s), at_noon());
    const auto expected = "cannot " + std::string(name_of(row.request.action)) + ": " + noon +
                          "; force does it all the same";
    EXPECT_EQ(refusal(answer), row.refused ? expected : "");
  }
}

TEST(Frozen, ForceDoesItAndTheReasonSaysSo) {
  const auto policy = frozen_at_noon(ramp());
  for (const auto& row : under_freeze()) {
    if (!row.refused) continue;
    SCOPED_TRACE(name_of(row.request.action));
    ASSERT_TRUE(can_be_forced(row.request.action));
    const auto plain = accepted(apply(row.from, ramp(), row.request, at(1s)));
    const auto decision = accepted(apply(row.from, policy, forced(row.request), at(1s), at_noon()));
    ASSERT_FALSE(decision.transitions.empty());
    EXPECT_EQ(decision.next.weight, plain.next.weight);
    EXPECT_EQ(decision.next.reason, plain.next.reason + "; forced, against " + noon);
    EXPECT_EQ(decision.transitions.back().reason, decision.next.reason);
    EXPECT_EQ(decision.transitions.back().to, decision.next);
  }
}

TEST(Capacity, AStepWaitsUntilCanaryCanTakeIt) {
  const auto policy = ramp();
  auto state = progressing(policy, 1);
  const auto decision = decide(state, policy, fine_under(loaded(250, 4, 1)), at(10s));
  EXPECT_EQ(kinds(decision), "hold");
  EXPECT_EQ(decision.next.weight, Weight::percent(25));
  EXPECT_EQ(decision.next.hold->by, Hold::By::capacity);
  EXPECT_EQ(decision.next.reason,
            "capacity: green can take 100 requests/s (1 of 4 endpoints are healthy, 100 each), "
            "125 requests/s would arrive at 50%");
  state = decision.next;
  const auto later = decide(state, policy, fine_under(loaded(260, 4, 1)), at(11s));
  EXPECT_EQ(kinds(later), "");
  EXPECT_THAT(later.next.hold->reason, HasSubstr("130 requests/s would arrive"));
  EXPECT_EQ(kinds(decide(later.next, policy, fine_under(loaded(260, 4, 2)), at(12s))), "step");
}

TEST(Capacity, IsCheckedBeforeTheEndToo) {
  const auto policy = ramp_to_half();
  const auto state = progressing(policy, 2);
  EXPECT_EQ(kinds(decide(state, policy, fine_under(loaded(300, 4, 2)), at(10s))), "hold");
  EXPECT_EQ(kinds(decide(state, policy, fine_under(loaded(200, 4, 2)), at(10s))), "finish");
}

TEST(Capacity, OfAPoolThatGetsNoMoreDoesNotMatter) {
  EXPECT_EQ(kinds(decide(progressing(ramp(), 3), ramp(), fine_under(loaded(1e6)), at(10s))),
            "finish");
  EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), fine_under(loaded(300, 1, 4)), at(10s))),
            "step");
}

TEST(Capacity, ThatIsNotStatedIsNotChecked) {
  auto conditions = loaded(1e6, 0, 0);
  for (const auto version : both_versions) conditions.pools[version].per_endpoint = 0;
  EXPECT_EQ(kinds(decide(progressing(ramp()), ramp(), fine_under(conditions), at(10s))), "step");
  EXPECT_EQ(refusal(apply(healthy(), ramp(), action(Action::start), at(0s), conditions)), "");
}

TEST(Capacity, HoldsAfterTheFreezeAndIsToldOfToo) {
  const auto policy = frozen_at_noon(ramp());
  auto crowded = loaded(1e6);
  crowded.wall_clock = thursday(12h);
  auto state = decide(progressing(policy), policy, fine_under(crowded), at(10s)).next;
  EXPECT_EQ(state.hold->by, Hold::By::freeze);
  crowded.wall_clock = thursday(13h);
  const auto decision = decide(state, policy, fine_under(crowded), at(11s));
  EXPECT_EQ(kinds(decision), "hold");
  EXPECT_EQ(decision.next.hold->by, Hold::By::capacity);
}

TEST(Capacity, GoingBackGentlyIsRefusedWhereStableCannotTakeIt) {
  const auto lower = to_weight(Weight::percent(5));
  const auto few = loaded(200, 1, 4);
  EXPECT_EQ(refusal(apply(progressing(ramp(), 2), ramp(), lower, at(1s), few)),
            "cannot set-weight: capacity: blue can take 100 requests/s (1 of 4 endpoints are "
            "healthy, 100 each), 190 requests/s would arrive at 95%; force does it all the same");
  const auto undo = action(Action::undo);
  const auto gone = healthy(Version::green, true);
  EXPECT_THAT(refusal(apply(gone, ramp(), undo, at(1s), few)), HasSubstr("arrive at 100%"));
  const auto decision = accepted(apply(gone, ramp(), forced(undo), at(1s), few));
  EXPECT_EQ(decision.next.stable, Version::blue);
  EXPECT_THAT(decision.next.reason, HasSubstr("forced, against capacity"));
  EXPECT_EQ(refusal(apply(gone, ramp(), undo, at(1s), loaded(100, 1, 4))), "");
}

TEST(Capacity, ARollbackAndAnAbortAreInstantButWarn) {
  const auto few = loaded(200, 1, 4);
  const auto by_guard = decide(progressing(ramp(), 2), ramp(), bad_under(few), at(1s));
  const auto by_hand =
      accepted(apply(progressing(ramp(), 2), ramp(), action(Action::abort), at(1s), few));
  ASSERT_EQ(kinds(by_guard), "warn rollback");
  ASSERT_EQ(kinds(by_hand), "warn abort");
  for (const auto& decision : {by_guard, by_hand}) {
    EXPECT_EQ(decision.next.weight, Weight::none());
    EXPECT_THAT(decision.transitions[0].reason, HasSubstr("capacity: blue can take 100"));
    EXPECT_EQ(decision.transitions[0].to.weight, Weight::percent(50));
    EXPECT_EQ(decision.transitions[1].to, decision.next);
    EXPECT_EQ(decision.next.reason.find("capacity"), std::string::npos);
  }
  EXPECT_EQ(kinds(decide(progressing(ramp(), 2), ramp(), bad_under(loaded(100, 1)), at(1s))),
            "rollback");
}

}  // namespace
}  // namespace weir::rollout
