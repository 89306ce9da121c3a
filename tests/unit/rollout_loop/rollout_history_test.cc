#include "rollout_loop/rollout_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sample_rollouts.h"

namespace weir::rollout_loop {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using rollout::Phase;

class HistoryFolder : public testing::Test {
 protected:
  HistoryFolder()
      : parent(fs::path(testing::TempDir()) /
               ("weir-history-" +
                std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))),
        folder(parent / "state.history") {
    fs::remove_all(parent);
    fs::create_directories(parent);
  }
  ~HistoryFolder() override { fs::remove_all(parent); }

  RolloutHistory opened(std::size_t most = 50) const {
    RolloutHistory history(folder);
    history.keep(most);
    history.open("shop", rolled_back);
    return history;
  }
  /// Epochs of past rollouts, newest first.
  static std::vector<std::uint64_t> epochs(const RolloutHistory& history) {
    std::vector<std::uint64_t> epochs;
    for (const auto& rollout : history.past("shop")) epochs.push_back(rollout.epoch);
    return epochs;
  }
  static void roll_back(RolloutHistory& history, std::uint64_t epoch) {
    history.note(start_of(epoch));
    history.note(rollback_of(epoch));
  }
  std::string text_of(const char* name) const {
    std::ifstream stream(folder / name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const fs::path parent, folder;
  const rollout::RolloutState rolled_back = ended(at_weight(7, Weight::none()), Phase::degraded);
};

TEST_F(HistoryFolder, AnotherProcessFindsWhatWasWritten) {
  auto first = opened();
  roll_back(first, 7);
  EXPECT_FALSE(first.is_written("shop"));
  first.write("shop");
  EXPECT_TRUE(first.is_written("shop"));
  RolloutHistory second(folder);
  second.keep(50);
  const auto* known = second.open("shop", rolled_back);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->seen, seen_failing());
  EXPECT_EQ(second.past("shop"), first.past("shop"));
  EXPECT_TRUE(second.is_written("shop")) << "nothing changed";
}

TEST_F(HistoryFolder, KeepsTheLastOnesAndCountsTheOthers) {
  auto history = opened(3);
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) roll_back(history, epoch);
  EXPECT_EQ(epochs(history), (std::vector<std::uint64_t>{5, 4, 3}));
  EXPECT_EQ(history.counts().dropped, 2U);
  history.keep(1);
  EXPECT_EQ(epochs(history), (std::vector<std::uint64_t>{5}));
  EXPECT_EQ(history.counts().dropped, 4U);
}

TEST_F(HistoryFolder, WhatIsInProgressIsNotPastYet) {
  auto history = opened();
  history.note(start_of(7));
  EXPECT_TRUE(history.past("shop").empty());
  EXPECT_TRUE(history.past("nobody").empty());
}

TEST_F(HistoryFolder, CountsOfARolloutInProgressSurviveAnOrderlyEnd) {
  auto first = opened();
  first.note(start_of(7));
  first.note_seen("shop", seen_failing());
  first.write_all();
  RolloutHistory second(folder);
  second.keep(50);
  const auto* known = second.open("shop", at_weight(7, Weight::percent(5)));
  ASSERT_NE(known, nullptr);
  EXPECT_FALSE(known->ended);
  EXPECT_EQ(known->seen, seen_failing());
}

TEST_F(HistoryFolder, ADamagedFileIsSetAsideAndTold) {
  fs::create_directories(folder);
  std::ofstream(folder / "shop") << "weir-history 1 sha256=0\nnonsense";
  auto history = opened();
  EXPECT_EQ(history.counts().set_aside, 1U);
  EXPECT_EQ(text_of("shop.damaged"), "weir-history 1 sha256=0\nnonsense");
  roll_back(history, 7);
  history.write("shop");
  EXPECT_EQ(history.write_error(), "");
  EXPECT_EQ(epochs(opened()), (std::vector<std::uint64_t>{7}));
}

TEST_F(HistoryFolder, ADiskThatFailsIsTriedAgainAfterASecond) {
  auto history = opened();
  std::ofstream(folder) << "a file where the folder should be";
  roll_back(history, 7);
  const Instant now{1h};
  history.write_next(now);
  history.write_next(now + 999ms);
  EXPECT_EQ(history.counts().write_failures, 1U);
  EXPECT_NE(history.write_error(), "");
  EXPECT_FALSE(history.is_written("shop"));
  fs::remove(folder);
  history.write_next(now + 1s);
  EXPECT_TRUE(history.is_written("shop"));
  EXPECT_EQ(history.write_error(), "");
}

TEST_F(HistoryFolder, OneFileIsWrittenAtATime) {
  auto history = opened();
  for (const auto* name : {"a", "b"}) {
    auto event = start_of(7);
    event.service = name;
    history.note(event);
  }
  history.write_next(Instant{1h});
  EXPECT_TRUE(history.is_written("a") != history.is_written("b"));
  history.write_next(Instant{1h});
  EXPECT_TRUE(history.is_written("a") && history.is_written("b"));
}

TEST_F(HistoryFolder, BelongsToItsOwnerAlone) {
  auto history = opened();
  roll_back(history, 7);
  history.write_all();
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
}

TEST(History, WithoutAFolderIsKeptInMemory) {
  RolloutHistory history;
  history.keep(50);
  history.note(start_of(7));
  history.note(rollback_of(7));
  EXPECT_EQ(history.past("shop").size(), 1U);
  EXPECT_TRUE(history.is_written("shop"));
  history.write_all();
}

}  // namespace
}  // namespace weir::rollout_loop
