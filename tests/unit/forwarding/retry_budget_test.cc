#include "forwarding/retry_budget.h"

#include <gtest/gtest.h>

namespace weir::forwarding {
namespace {

using std::chrono::seconds;

constexpr Instant start{};

int withdraw_all(RetryBudget& budget, Instant now) {
  int taken = 0;
  while (taken < 100'000 && budget.withdraw(now)) ++taken;
  return taken;
}

TEST(RetryBudget, AQuietServiceHasItsRetriesPerSecond) {
  RetryBudget budget({Weight::percent(20), 10}, 1, start);
  EXPECT_EQ(withdraw_all(budget, start), 10);
  EXPECT_EQ(withdraw_all(budget, start + seconds(1)), 10);
  EXPECT_EQ(withdraw_all(budget, start + seconds(3)), 20);
}

TEST(RetryBudget, SavesUpTenSecondsAndNoMore) {
  RetryBudget budget({Weight::percent(20), 10}, 1, start);
  EXPECT_EQ(withdraw_all(budget, start + seconds(3'600)), 100);
}

TEST(RetryBudget, AFifthOfTheRequestsMayBeSentAgain) {
  RetryBudget budget({Weight::percent(20), 0}, 1, start);
  for (int i = 0; i < 100; ++i) budget.request_seen(start);
  EXPECT_EQ(withdraw_all(budget, start), 20);
  EXPECT_EQ(withdraw_all(budget, start + seconds(60)), 0);
}

TEST(RetryBudget, WorkersDivideThePerSecondPart) {
  RetryBudget budget({Weight::none(), 10}, 5, start);
  EXPECT_EQ(withdraw_all(budget, start), 2);
  EXPECT_EQ(withdraw_all(budget, start + seconds(1)), 2);
}

TEST(RetryBudget, ABusyMinuteDoesNotPayForAStorm) {
  RetryBudget budget({Weight::percent(20), 10}, 1, start);
  for (int i = 0; i < 1'000'000; ++i) budget.request_seen(start);
  EXPECT_LE(withdraw_all(budget, start), 200);
}

TEST(RetryBudget, AClockThatStandsOrGoesBackGivesNothing) {
  RetryBudget budget({Weight::none(), 10}, 1, start + seconds(10));
  EXPECT_EQ(withdraw_all(budget, start + seconds(10)), 10);
  EXPECT_EQ(withdraw_all(budget, start), 0);
}

}  // namespace
}  // namespace weir::forwarding
