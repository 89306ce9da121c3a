#include "outcomes/recent_keys.h"

#include <gtest/gtest.h>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 2'000ms;

Instant at(Milliseconds since_start) { return Instant(since_start + 1h); }

TEST(RecentKeys, CountOneFailureOfEachKeyInAWindow) {
  RecentKeys keys(window);
  EXPECT_FALSE(keys.repeats(1, at(0ms)));
  EXPECT_TRUE(keys.repeats(1, at(0ms)));
  EXPECT_FALSE(keys.repeats(2, at(10ms))) << "another client";
  EXPECT_TRUE(keys.repeats(1, at(1'999ms)));
}

TEST(RecentKeys, ForgetAKeyAfterOneToTwoWindows) {
  RecentKeys keys(window);
  keys.repeats(0, at(0ms));
  for (auto counted = 10ms; counted < window; counted += 100ms) {
    const auto key = static_cast<std::uint64_t>(counted.count());
    RecentKeys fresh(keys);
    EXPECT_FALSE(fresh.repeats(key, at(counted)));
    EXPECT_TRUE(fresh.repeats(key, at(counted + window - 1ms))) << counted.count();
    EXPECT_FALSE(fresh.repeats(key, at(counted + 2 * window))) << counted.count();
  }
}

TEST(RecentKeys, CountAClientThatNeverStopsAgainAndAgain) {
  RecentKeys keys(window);
  int counted = 0;
  for (auto now = 0ms; now < 60s; now += 50ms) counted += keys.repeats(7, at(now)) ? 0 : 1;
  EXPECT_GE(counted, 15);
  EXPECT_LE(counted, 30);
}

TEST(RecentKeys, ForgetAllAfterALongSilence) {
  RecentKeys keys(window);
  keys.repeats(1, at(0ms));
  EXPECT_FALSE(keys.repeats(1, at(1h)));
}

TEST(RecentKeys, TakeKeysForNewWhereThereIsNoRoom) {
  RecentKeys keys(window);
  for (std::uint64_t key = 0; key < RecentKeys::most; ++key) keys.repeats(key, at(0ms));
  EXPECT_EQ(keys.overflows(), 0U);
  EXPECT_FALSE(keys.repeats(RecentKeys::most, at(0ms)));
  EXPECT_FALSE(keys.repeats(RecentKeys::most, at(0ms)));
  EXPECT_EQ(keys.overflows(), 2U);
  EXPECT_TRUE(keys.repeats(5, at(0ms))) << "those it has, it knows";
}

}  // namespace
}  // namespace weir::outcomes
