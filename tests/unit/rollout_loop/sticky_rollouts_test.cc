#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "rollout/decide.h"
#include "routing/split.h"

namespace weir::rollout_loop {
namespace {

using namespace std::chrono_literals;
using rollout::Action;
using rollout::RolloutState;

constexpr std::size_t clients = 100'000;

const std::vector<std::uint64_t>& hashes() {
  static const auto all = [] {
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i < clients; ++i) {
      hashes.push_back(routing::key_hash("shop", "client-" + std::to_string(i)));
    }
    return hashes;
  }();
  return all;
}

/// Who serves each client in that state.
std::vector<Version> served_in(const RolloutState& state) {
  const routing::WeightedSplit split(state.stable, state.weight);
  std::vector<Version> served;
  served.reserve(clients);
  for (const auto hash : hashes()) served.push_back(split.choose(hash));
  return served;
}

std::size_t moved_to(Version version, const std::vector<Version>& before,
                     const std::vector<Version>& after) {
  std::size_t moved = 0;
  for (std::size_t i = 0; i < clients; ++i) {
    moved += before[i] != after[i] && after[i] == version ? 1U : 0U;
  }
  return moved;
}

std::uint32_t below(std::mt19937& random, std::size_t limit) {
  return static_cast<std::uint32_t>(random() % limit);
}

/// Up to eight rising steps, the last of them 100 % where `to_all`.
RolloutPolicy random_ramp(std::mt19937& random, bool to_all) {
  std::set<std::uint32_t> weights;
  for (auto count = 1 + below(random, 8); count > 0; --count)
    weights.insert(1 + below(random, 9'999));
  if (to_all) weights.insert(Weight::whole);
  RolloutPolicy policy;
  policy.errors.reset();
  policy.health.reset();
  policy.outage.reset();
  for (const auto weight : weights) {
    policy.steps.push_back({*Weight::from_basis_points(weight), 0ms, 0, false});
  }
  return policy;
}

/// One service under real rollouts, and what each move does to its clients.
class Clients {
 public:
  /// Acts, and says who serves them from then on.
  void act(const RolloutPolicy& policy, Action action, Weight weight = {}) {
    rollout::ActionRequest request;
    request.action = action;
    request.weight = weight;
    auto answer = rollout::apply(state_, policy, request, now_ += 1s);
    ASSERT_TRUE(std::holds_alternative<rollout::Decision>(answer)) << name_of(action);
    become(std::get<rollout::Decision>(answer).next);
  }
  void decide(const RolloutPolicy& policy) {
    become(rollout::decide(state_, policy, {}, now_ += 1s).next);
  }

  const RolloutState& state() const { return state_; }
  std::size_t moved_to(Version version) const {
    return rollout_loop::moved_to(version, before_, served_);
  }
  std::size_t served_by(Version version) const {
    return static_cast<std::size_t>(std::count(served_.begin(), served_.end(), version));
  }

 private:
  void become(const RolloutState& next) {
    before_ = std::move(served_);
    state_ = next;
    served_ = served_in(state_);
  }

  RolloutState state_;
  Instant now_{1h};
  std::vector<Version> served_ = served_in(state_), before_ = served_;
};

class StickyRollouts : public testing::TestWithParam<unsigned> {
 protected:
  std::mt19937 random{GetParam()};
  Clients shop;
};

TEST_P(StickyRollouts, NobodyGoesBackWhileTheWeightRises) {
  const auto policy = random_ramp(random, below(random, 2) == 0);
  const auto old = shop.state().stable;
  for (shop.act(policy, Action::start); shop.state().in_progress(); shop.decide(policy)) {
    ASSERT_EQ(shop.moved_to(old), 0U) << "at " << percent_text(shop.state().weight);
  }
  EXPECT_EQ(shop.state().stable, other(old));
  EXPECT_EQ(shop.moved_to(old), 0U) << "at the end";
  EXPECT_EQ(shop.served_by(other(old)), clients);
}

TEST_P(StickyRollouts, NobodyMovesWhenTheRolesSwapAfter100Percent) {
  const auto policy = random_ramp(random, true);
  shop.act(policy, Action::start);
  while (shop.state().weight < Weight::all()) shop.decide(policy);
  const auto new_one = shop.state().canary();
  EXPECT_EQ(shop.served_by(new_one), clients);
  while (shop.state().in_progress()) shop.decide(policy);
  EXPECT_EQ(shop.state().stable, new_one);
  EXPECT_EQ(shop.moved_to(Version::blue) + shop.moved_to(Version::green), 0U);
}

TEST_P(StickyRollouts, ARollbackMovesEverybodyAtOnce) {
  const auto policy = random_ramp(random, true);
  shop.act(policy, Action::start);
  for (auto steps = below(random, policy.steps.size()); steps > 0; --steps) shop.decide(policy);
  const auto on_canary = shop.served_by(shop.state().canary());
  shop.act(policy, Action::abort);
  EXPECT_EQ(shop.moved_to(shop.state().stable), on_canary);
  EXPECT_EQ(shop.served_by(shop.state().stable), clients);
}

// As if the last step had been written with 99 %.
TEST_P(StickyRollouts, WhoeverIsHeldBackStaysUntilTheEndAndThenComesAlong) {
  auto policy = random_ramp(random, false);
  policy.steps.push_back({Weight::percent(99), 0ms, 0, false});
  policy.steps.erase(
      std::remove_if(policy.steps.begin(), policy.steps.end() - 1,
                     [](const Step& step) { return step.weight >= Weight::percent(99); }),
      policy.steps.end() - 1);
  policy.hold_back = Weight::percent(1);
  const auto old = shop.state().stable;
  for (shop.act(policy, Action::start); shop.state().in_progress(); shop.decide(policy)) {
    ASSERT_EQ(shop.moved_to(old), 0U);
    ASSERT_GE(shop.served_by(old), clients / 125) << "0.8 % of a fair 1 %";
  }
  EXPECT_EQ(shop.served_by(other(old)), clients);
}

// The way back of the roles is a rollout like any other.
TEST_P(StickyRollouts, HoldForOneRolloutAfterTheOther) {
  for (int rollout = 0; rollout < 4; ++rollout) {
    const auto policy = random_ramp(random, true);
    const auto old = shop.state().stable;
    for (shop.act(policy, Action::start); shop.state().in_progress(); shop.decide(policy)) {
      ASSERT_EQ(shop.moved_to(old), 0U) << "rollout " << rollout;
    }
    ASSERT_EQ(shop.served_by(other(old)), clients) << "rollout " << rollout;
  }
}

TEST_P(StickyRollouts, AWeightThatIsSetMovesNoMoreThanItMust) {
  const auto policy = random_ramp(random, true);
  const auto canary = shop.state().canary();
  shop.act(policy, Action::start);
  for (int i = 0; i < 8; ++i) {
    const auto before = shop.state().weight;
    shop.act(policy, Action::set_weight, *Weight::from_basis_points(below(random, 10'001)));
    const bool rose = shop.state().weight >= before;
    EXPECT_EQ(shop.moved_to(rose ? other(canary) : canary), 0U)
        << percent_text(before) << " to " << percent_text(shop.state().weight);
  }
}

// Fixed beforehand, not chosen.
INSTANTIATE_TEST_SUITE_P(Seeds, StickyRollouts, testing::Range(1U, 13U));

}  // namespace
}  // namespace weir::rollout_loop
