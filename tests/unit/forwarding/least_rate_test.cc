#include "forwarding/least_rate.h"

#include <gtest/gtest.h>

namespace weir::forwarding {
namespace {

using namespace std::chrono_literals;

TEST(LeastRate, JudgesNobodyBeforeAWholeWindowOfWaiting) {
  LeastRate rate(100, 60s);
  EXPECT_TRUE(rate.keeps_up(0, 59'999ms));
  EXPECT_FALSE(rate.keeps_up(0, 1ms));
}

TEST(LeastRate, TakesTheAverageOfTheWindow) {
  LeastRate rate(100, 60s);
  EXPECT_TRUE(rate.keeps_up(6'000, 1ms));
  EXPECT_TRUE(rate.keeps_up(0, 59'999ms)) << "silent for long, but it had come before";
  LeastRate slow(100, 60s);
  EXPECT_TRUE(slow.keeps_up(5'999, 1ms));
  EXPECT_FALSE(slow.keeps_up(0, 59'999ms));
}

TEST(LeastRate, BeginsEachWindowAfresh) {
  LeastRate rate(100, 60s);
  EXPECT_TRUE(rate.keeps_up(1'000'000, 60s));
  EXPECT_FALSE(rate.keeps_up(5'000, 60s)) << "what came before is no credit";
}

TEST(LeastRate, CutsAByteASecondButNotTheSlowestOfMobileNetworks) {
  LeastRate trickle(100, 60s), gprs(100, 60s);
  bool cut = false;
  for (int second = 0; second < 60; ++second) {
    cut |= !trickle.keeps_up(1, 1s);
    EXPECT_TRUE(gprs.keeps_up(1'200, 1s));
  }
  EXPECT_TRUE(cut);
}

TEST(LeastRate, AsksNothingAtZero) {
  LeastRate rate(0, 1s);
  EXPECT_FALSE(rate.asked());
  EXPECT_TRUE(rate.keeps_up(0, 1h));
}

}  // namespace
}  // namespace weir::forwarding
