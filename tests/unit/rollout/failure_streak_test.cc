#include "rollout/failure_streak.h"

#include <gtest/gtest.h>

namespace weir::rollout {
namespace {

constexpr double chance = 1e-6;

FailureStreak streak(std::uint64_t failures, std::uint64_t stable, std::uint64_t stable_errors) {
  FailureStreak streak;
  streak.observe({stable, stable_errors}, {failures, failures});
  return streak;
}

TEST(FailureStreak, GrowsUntilASuccess) {
  FailureStreak streak;
  streak.observe({100, 0}, {0, 0});
  EXPECT_EQ(streak.meanwhile().requests, 0U) << "it has not begun";
  streak.observe({10, 1}, {2, 2});
  streak.observe({5, 0}, {0, 0});
  streak.observe({10, 0}, {1, 1});
  EXPECT_EQ(streak.length(), 3U);
  EXPECT_EQ(streak.meanwhile(), (outcomes::EvidenceCounts{25, 1}));
  streak.observe({10, 0}, {9, 8});
  EXPECT_EQ(streak.length(), 0U);
  EXPECT_EQ(streak.meanwhile(), outcomes::EvidenceCounts{});
}

TEST(FailureStreak, IsBeyondChanceBesideAStableThatAnswers) {
  struct Row {
    std::uint64_t failures, stable, stable_errors;
    bool beyond;
  };
  const Row rows[] = {
      {5, 95, 0, true},       // wholly bad at 5 %
      {4, 76, 0, false},      //
      {5, 5, 0, false},       // at 50 %: 5 against 5 may be chance
      {14, 14, 0, true},      //
      {5, 0, 0, false},       // nothing to compare with
      {50, 950, 950, false},  // an outage of both
      {12, 228, 137, false},  // … of 60 %
      {12, 228, 46, true},    // 20 % of errors are no twelve in a row
  };
  for (const auto& [failures, stable, errors, beyond] : rows) {
    EXPECT_EQ(is_beyond_chance(streak(failures, stable, errors), chance), beyond)
        << failures << " beside " << errors << '/' << stable;
  }
}

TEST(FailureStreak, OfFewIsChanceAtAHighRate) {
  EXPECT_FALSE(is_beyond_chance(streak(8, 0, 0), 0.2, chance));
  EXPECT_TRUE(is_beyond_chance(streak(9, 0, 0), 0.2, chance));
}

}  // namespace
}  // namespace weir::rollout
