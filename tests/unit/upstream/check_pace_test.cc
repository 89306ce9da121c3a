#include "upstream/check_pace.h"

#include <gtest/gtest.h>

namespace weir::upstream {
namespace {

using namespace std::chrono_literals;

const Instant start = Instant(1h);

TEST(CheckPace, LetsAQuietPoolStartAtOnce) {
  CheckPace pace(1'000);
  EXPECT_EQ(pace.take(start), start);
  EXPECT_EQ(pace.take(start + 10ms), start + 10ms);
  EXPECT_EQ(pace.delay(start + 20ms), 0ms);
}

TEST(CheckPace, SpreadsABurst) {
  CheckPace pace(1'000);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(pace.take(start), start + i * 1ms);
  EXPECT_EQ(pace.delay(start), 500ms);
  EXPECT_EQ(pace.take(start + 100ms), start + 500ms) << "those who asked before come first";
}

TEST(CheckPace, GivesTheRoomOfAbandonedChecksToTheNext) {
  CheckPace pace(1'000);
  for (int i = 0; i < 100'000; ++i) pace.take(start);
  for (int i = 0; i < 100'000; ++i) pace.give_back();
  EXPECT_EQ(pace.take(start + 1ms), start + 1ms);
}

TEST(CheckPace, TakesUpAnotherPace) {
  CheckPace pace(10);
  pace.take(start);
  pace.adopt(1'000);
  pace.take(start);
  EXPECT_EQ(pace.take(start), start + 101ms);
}

}  // namespace
}  // namespace weir::upstream
