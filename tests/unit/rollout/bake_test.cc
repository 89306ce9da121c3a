#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

constexpr WallTime noon{std::chrono::sys_days(std::chrono::days(20'000)) + 12h};

RolloutPolicy baked(RolloutPolicy policy = ramp()) {
  policy.bake = 10min;
  return policy;
}

Conditions clock_at(WallTime now) { return {now, 0, {}}; }

Evidence fine_at(WallTime now) {
  auto evidence = all_fine();
  evidence.conditions = clock_at(now);
  return evidence;
}

Evidence nothing_at(WallTime now) { return {{}, 0, clock_at(now)}; }

/// The state after an action at noon.
RolloutState after(const RolloutState& state, const ActionRequest& request) {
  return accepted(apply(state, baked(), request, at(1s), clock_at(noon))).next;
}

TEST(Bake, APoolThatBecomesIdleIsWarmForSoLong) {
  const auto finished = decide(progressing(ramp(), 3), baked(), fine_at(noon), at(10s));
  EXPECT_EQ(finished.next.warm_until, noon + 10min);
  EXPECT_EQ(finished.transitions.back().to, finished.next);
  const Evidence bad{{worse(GuardAction::rollback)}, 1, clock_at(noon)};
  EXPECT_EQ(decide(progressing(ramp()), baked(), bad, at(1s)).next.warm_until, noon + 10min);
  EXPECT_EQ(after(progressing(ramp()), action(Action::abort)).warm_until, noon + 10min);
  EXPECT_EQ(after(healthy(Version::green, true), action(Action::undo)).warm_until, noon + 10min);
}

TEST(Bake, TellsOnceThatTheIdlePoolMayBeScaledDown) {
  auto state = decide(progressing(ramp(), 3), baked(), fine_at(noon), at(10s)).next;
  const auto early = decide(state, baked(), nothing_at(noon + 10min - 1ms), at(1h));
  EXPECT_EQ(kinds(early), "");
  const auto due = decide(early.next, baked(), nothing_at(noon + 10min), at(1h));
  ASSERT_EQ(kinds(due), "scale-down");
  EXPECT_EQ(due.transitions[0].reason, "blue is idle and was kept warm: it may be scaled down");
  EXPECT_EQ(due.next.warm_until, std::nullopt);
  EXPECT_EQ(kinds(decide(due.next, baked(), nothing_at(noon + 1h), at(2h))), "");
}

TEST(Bake, NamesTheCanaryAfterARollbackAndKeepsItsReason) {
  const auto state = after(progressing(ramp()), action(Action::abort));
  const auto due = decide(state, baked(), nothing_at(noon + 1h), at(1h));
  ASSERT_EQ(kinds(due), "scale-down");
  EXPECT_EQ(due.transitions[0].reason, "green is idle and was kept warm: it may be scaled down");
  EXPECT_EQ(due.next.reason, "aborted by an operator");
  EXPECT_EQ(due.next.phase, Phase::degraded);
}

TEST(Bake, AnotherRolloutNeedsThePool) {
  const auto fallen = after(progressing(ramp()), action(Action::abort));
  EXPECT_EQ(after(fallen, action(Action::retry)).warm_until, std::nullopt);
  EXPECT_EQ(after(fallen, action(Action::start)).warm_until, std::nullopt);
}

TEST(Bake, ForNoTimeTellsNothing) {
  const auto state = decide(progressing(ramp(), 3), ramp(), fine_at(noon), at(10s)).next;
  EXPECT_EQ(state.warm_until, std::nullopt);
  EXPECT_EQ(kinds(decide(state, ramp(), nothing_at(noon + 1h), at(1h))), "");
}

TEST(Bake, AnAbortOfNothingBeginsNoOther) {
  const auto fallen = after(progressing(ramp()), action(Action::abort));
  const auto again =
      accepted(apply(fallen, baked(), action(Action::abort), at(1h), clock_at(noon + 5min)));
  EXPECT_EQ(again.next.warm_until, noon + 10min);
}

}  // namespace
}  // namespace weir::rollout
