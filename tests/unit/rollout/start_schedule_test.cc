#include "rollout/start_schedule.h"

#include <gtest/gtest.h>

namespace weir::rollout {
namespace {

TEST(StartSchedule, NeverSpendsMoreThanThereIs) {
  StartSchedule schedule;
  double spent = StartSchedule::first_share;
  for (int i = 0; i < 9'000; ++i)
    spent += schedule.pass(20 + static_cast<std::uint64_t>(i) * 1'000);
  EXPECT_GT(spent, 0.95);
  EXPECT_LE(spent, 1);
  spent += schedule.pass(1'000'000'000'000'000);
  EXPECT_LE(spent, 1);
}

TEST(StartSchedule, BeginsEachTwentyRequestsAndThenEachThousandthPart) {
  struct Row {
    std::uint64_t passed, more;
    bool begins;
  };
  const Row rows[] = {{0, 19, false},
                      {0, 20, true},
                      {40, 19, false},
                      {40, 20, true},
                      {1'000'000, 100, false},
                      {1'000'000, 1'010, true},
                      {100'000'000, 101'000, true}};
  for (const auto& [passed, more, begins] : rows) {
    StartSchedule schedule;
    schedule.pass(passed);
    EXPECT_EQ(schedule.pass(more) > 0, begins) << passed << " + " << more;
  }
}

TEST(StartSchedule, GivesTheSameInOnePieceOrMany) {
  StartSchedule whole, pieces;
  double sum = 0;
  for (int i = 0; i < 1'000; ++i) sum += pieces.pass(77);
  EXPECT_NEAR(whole.pass(77'000), sum, 1e-12);
}

}  // namespace
}  // namespace weir::rollout
