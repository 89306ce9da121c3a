#include "rollout_loop/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_rollouts.h"

namespace weir::rollout_loop {
namespace {

using rollout::Phase;

History after(const std::vector<Event>& events) {
  History history;
  for (const auto& event : events) note(history, event);
  return history;
}

std::vector<std::uint64_t> epochs(const History& history) {
  std::vector<std::uint64_t> epochs;
  for (const auto& rollout : history) epochs.push_back(rollout.epoch);
  return epochs;
}

TEST(History, TellsHowARolloutEnded) {
  const auto history = after({start_of(7), rollback_of(7)});
  ASSERT_EQ(history.size(), 1U);
  const auto& past = history.front();
  EXPECT_EQ(past.epoch, 7U);
  EXPECT_EQ(past.revision, "v7");
  EXPECT_EQ(past.canary, Version::green);
  EXPECT_EQ(past.started_unix_ms, 1'700'000'000'000);
  EXPECT_EQ(past.greatest, Weight::percent(25));
  EXPECT_TRUE(past.ended);
  EXPECT_EQ(past.last, (TransitionNote{1'700'000'060'000, "weir", "rollback", "why", "errors"}));
  EXPECT_EQ(past.guards, std::vector{errors_worse()});
  EXPECT_EQ(past.seen, seen_failing());
}

TEST(History, OfARolloutInProgressHasNotEnded) {
  const auto history = after({start_of(7)});
  EXPECT_FALSE(history.front().ended);
  EXPECT_EQ(history.front().greatest, Weight::percent(5));
}

TEST(History, KeepsTheGreatestWeightThatWasReached) {
  const auto high = at_weight(7, Weight::percent(60)), low = at_weight(7, Weight::percent(10));
  EXPECT_EQ(after({start_of(7), event_of("set-weight", high, low)}).front().greatest,
            Weight::percent(60));
  const auto done = ended(low, Phase::healthy);
  EXPECT_EQ(after({start_of(7), event_of("finish", low, done)}).front().greatest, Weight::all());
}

TEST(History, KeepsTheColourOfAFinishedRollout) {
  const auto from = at_weight(7, Weight::all());
  auto to = ended(from, Phase::healthy);
  to.stable = Version::green;
  EXPECT_EQ(after({start_of(7), event_of("finish", from, to)}).front().canary, Version::green);
}

TEST(History, AnUndoIsOneOfItsOwn) {
  const auto finished = ended(at_weight(7, Weight::none()), Phase::healthy);
  auto undone = finished;
  undone.epoch = 8;
  const auto history =
      after({start_of(7), event_of("finish", at_weight(7, Weight::all()), finished),
             event_of("undo", finished, undone)});
  EXPECT_EQ(epochs(history), (std::vector<std::uint64_t>{7, 8}));
  EXPECT_TRUE(history.back().ended);
  EXPECT_EQ(history.back().last.kind, "undo");
}

// The state is saved first: a crash in between leaves a history that is behind.
TEST(Follow, EndsARolloutOfWhichTheEndIsMissing) {
  auto rolled_back = ended(at_weight(7, Weight::none()), Phase::degraded);
  auto finished = ended(at_weight(7, Weight::none()), Phase::healthy);
  finished.can_undo = true;
  auto undone = finished;
  undone.can_undo = false;
  const std::pair<rollout::RolloutState, const char*> rows[] = {
      {rolled_back, "rollback"},
      {finished, "finish"},
      {undone, "undo"},
      {at_weight(8, Weight::percent(5)), ""},
  };
  for (const auto& [state, kind] : rows) {
    auto history = after({start_of(7)});
    follow(history, state);
    EXPECT_TRUE(history.front().ended) << kind;
    EXPECT_EQ(history.front().last.kind, kind);
    EXPECT_EQ(history.front().last.reason, *kind != '\0' ? "as it ended" : "");
  }
}

TEST(Follow, BeginsARolloutOfWhichTheBeginningIsMissing) {
  auto history = after({start_of(7), rollback_of(7)});
  follow(history, at_weight(8, Weight::percent(50)));
  ASSERT_EQ(epochs(history), (std::vector<std::uint64_t>{7, 8}));
  EXPECT_FALSE(history.back().ended);
  EXPECT_EQ(history.back().greatest, Weight::percent(50));
  EXPECT_EQ(history.back().started_unix_ms, 0) << "nobody knows";
}

TEST(Follow, ChangesNothingWhereBothAgree) {
  const std::pair<History, rollout::RolloutState> rows[] = {
      {{}, {}},
      {after({start_of(7)}), at_weight(7, Weight::percent(5))},
      {after({start_of(7), rollback_of(7)}), ended(at_weight(7, Weight::none()), Phase::degraded)},
  };
  for (const auto& [known, state] : rows) {
    auto history = known;
    follow(history, state);
    EXPECT_EQ(history, known);
  }
}

TEST(Bound, DropsTheOldestAndNeverTheOneInProgress) {
  History history = after({start_of(1), rollback_of(1), start_of(2), rollback_of(2), start_of(3)});
  EXPECT_EQ(bound(history, 2), 0U);
  EXPECT_EQ(bound(history, 1), 1U);
  EXPECT_EQ(epochs(history), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(bound(history, 0), 1U);
  EXPECT_EQ(epochs(history), (std::vector<std::uint64_t>{3}));
}

}  // namespace
}  // namespace weir::rollout_loop
