#include <gtest/gtest.h>

#include <random>
#include <set>

#include "rollout/freeze.h"
#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

constexpr int moves = 50'000;

/// Draws operators, evidence and time from one seed.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  Evidence evidence() {
    Evidence seen{{}, below(30), {}};
    for (const auto* guard : {"errors", "latency", "health"}) {
      seen.assessments.push_back(
          found(verdict(), GuardAction{static_cast<std::uint8_t>(below(3))}, guard));
    }
    return seen;
  }

  ActionRequest request() {
    auto request = action(Action{static_cast<std::uint8_t>(below(9))});
    request.full = below(4) == 0;
    request.force = below(4) == 0;
    request.weight = *Weight::from_basis_points(below(Weight::whole + 1));
    return request;
  }

  /// Often enough for what arrives, and often not.
  Conditions conditions(Milliseconds now) {
    Conditions seen{WallTime(now), static_cast<double>(below(600)), {}};
    for (const auto version : both_versions) seen.pools[version] = {below(5), 4, 100};
    return seen;
  }

  /// Mostly forward, now and then back.
  Milliseconds passing() {
    const auto step = Milliseconds(below(4'000));
    return below(20) == 0 ? -step : step;
  }

 private:
  // Good news mostly, or no rollout would get anywhere.
  Verdict verdict() {
    const auto draw = below(100);
    if (draw < 2) return Verdict::worse;
    return draw < 15 ? Verdict::insufficient : Verdict::fine;
  }

  std::mt19937 random_;
};

void expect_consistent(const RolloutState& state) {
  ASSERT_TRUE(state.in_progress() || state.weight == Weight::none());
  ASSERT_EQ(state.phase == Phase::paused, state.pause_reason != PauseReason::none);
  ASSERT_TRUE(state.phase == Phase::healthy || !state.can_undo);
  ASSERT_EQ(state.phase == Phase::progressing, state.held_at.has_value());
  ASSERT_EQ(state.in_progress(), state.driver_seen.has_value());
  ASSERT_TRUE(state.in_progress() || state.warned.empty());
  ASSERT_GE(state.held, 0ms);
  ASSERT_TRUE(state.phase == Phase::progressing || !state.hold);
  ASSERT_FALSE(state.in_progress() && state.warm_until);
}

/// Of all traffic.
double share_of(Version version, const RolloutState& state) {
  return version == state.canary() ? state.weight.ratio() : 1 - state.weight.ratio();
}

bool gets_more(Version version, const RolloutState& from, const RolloutState& to) {
  return share_of(version, to) > share_of(version, from) + 1e-9;
}

/// Neither a freeze nor a full pool was passed over.
void expect_room(const RolloutState& from, const RolloutState& to, const RolloutPolicy& policy,
                 const Conditions& conditions) {
  const bool back = from.stable != to.stable && !from.in_progress();
  if (gets_more(from.canary(), from, to) && !back) {
    ASSERT_FALSE(freeze_at(policy.freeze, conditions.wall_clock).has_value());
  }
  for (const auto version : both_versions) {
    if (!gets_more(version, from, to)) continue;
    const auto& pool = conditions.pools[version];
    ASSERT_LE(conditions.load * share_of(version, to), pool.healthy * pool.per_endpoint + 1e-6);
  }
}

bool is_one_of(const std::string& kind, const std::set<std::string>& kinds) {
  return kinds.contains(kind);
}

void expect_legal(const RolloutState& from, const RolloutState& to, const std::string& kind) {
  ASSERT_GE(to.epoch, from.epoch);
  ASSERT_EQ(to.epoch != from.epoch, is_one_of(kind, {"start", "retry", "undo"})) << kind;
  ASSERT_EQ(to.stable != from.stable, is_one_of(kind, {"finish", "undo"})) << kind;
  if (to.weight < from.weight) {
    ASSERT_TRUE(is_one_of(kind, {"rollback", "abort", "set-weight", "finish"})) << kind;
  }
  if (from.phase == Phase::degraded) {
    ASSERT_TRUE(is_one_of(kind, {"start", "retry", "scale-down"})) << kind;
  }
}

/// Only counters and instants may differ without a transition.
void expect_untold_changes_are_counters(const RolloutState& from, RolloutState to) {
  to.held = from.held;
  to.held_at = from.held_at;
  to.driver_seen = from.driver_seen;
  to.step_requests = from.step_requests;
  to.warned = from.warned;
  to.hold = from.hold;
  ASSERT_EQ(to, from);
}

void expect_sound(const RolloutState& from, const Decision& decision) {
  expect_consistent(decision.next);
  if (decision.transitions.empty()) return expect_untold_changes_are_counters(from, decision.next);
  ASSERT_EQ(decision.transitions.back().to, decision.next);
  for (const auto& transition : decision.transitions) {
    expect_legal(transition.from, transition.to, transition.kind);
    ASSERT_FALSE(transition.reason.empty());
    const bool aside = transition.kind == "scale-down";  // the rollout's own reason stays
    ASSERT_EQ(transition.to.reason, aside ? transition.from.reason : transition.reason);
  }
}

RolloutPolicy gated_once(RolloutPolicy policy) {
  policy.steps.at(1).manual_gate = true;
  return policy;
}

RolloutPolicy hindered(RolloutPolicy policy) {
  for (const auto hour : {1h, 5h, 9h, 13h, 17h, 21h}) {
    auto& window = policy.freeze.emplace_back();
    window.from = hour;
    window.to = hour + 1h;
  }
  policy.bake = 20s;
  return policy;
}

struct Run {
  const char* name;
  RolloutPolicy policy;
  Version stable;
};

class Invariants : public testing::TestWithParam<Run> {};

INSTANTIATE_TEST_SUITE_P(
    Of, Invariants,
    testing::Values(Run{"ramp", gated_once(ramp()), Version::blue},
                    Run{"ramp_to_half", gated_once(ramp_to_half()), Version::green},
                    Run{"hindered", hindered(gated_once(ramp_to_half())), Version::blue},
                    Run{"driven", driven(gated_once(ramp()), 30s), Version::green}),
    [](const auto& run) { return std::string(run.param.name); });

TEST_P(Invariants, HoldWhateverHappensInWhateverOrder) {
  const auto& policy = GetParam().policy;
  Chance chance(20'261'125);
  auto state = healthy(GetParam().stable);
  Milliseconds now{0};
  std::set<std::string> seen_kinds;
  for (int move = 0; move < moves && !HasFatalFailure(); ++move) {
    now += chance.passing();
    Decision decision{state, {}};
    const bool is_hindered = policy.bake > 0ms;
    const auto conditions = is_hindered ? chance.conditions(now) : Conditions{};
    if (chance.below(10) == 0) {
      const auto request = chance.request();
      const auto answer = apply(state, policy, request, at(now), conditions);
      if (const auto* made = std::get_if<Decision>(&answer)) decision = *made;
      if (is_hindered && !request.force && request.action != Action::abort) {
        expect_room(state, decision.next, policy, conditions);
      }
    } else {
      auto evidence = chance.evidence();
      evidence.conditions = conditions;
      decision = decide(state, policy, evidence, at(now));
      ASSERT_EQ(decide(state, policy, evidence, at(now)).next, decision.next) << "deterministic";
      if (is_hindered && decision.next.phase != Phase::degraded) {
        expect_room(state, decision.next, policy, conditions);
      }
    }
    expect_sound(state, decision);
    for (const auto& transition : decision.transitions) seen_kinds.insert(transition.kind);
    state = decision.next;
  }
  for (const auto* kind : {"start", "step", "gate", "pause", "resume", "promote", "finish",
                           "rollback", "hold", "warn", "retry", "undo", "set-weight", "abort"}) {
    EXPECT_TRUE(seen_kinds.contains(kind)) << kind << " never happened: the test is too tame";
  }
  EXPECT_EQ(seen_kinds.contains("scale-down"), policy.bake > 0ms);
}

}  // namespace
}  // namespace weir::rollout
