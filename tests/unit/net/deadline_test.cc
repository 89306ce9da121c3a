#include "net/deadline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace weir::net {
namespace {

using std::chrono::milliseconds;

constexpr Instant start{};

struct Watched {
  explicit Watched(DeadlineWheel& wheel)
      : deadline(
            wheel, [](void* self) { ++static_cast<Watched*>(self)->fired; }, this) {}
  int fired = 0;
  Deadline deadline;
};

void turn(DeadlineWheel& wheel, Instant from, Instant to) {
  for (auto now = from; now <= to; now += DeadlineWheel::tick) wheel.advance(now);
}

TEST(DeadlineWheel, FiresOnceNotBeforeItsTimeAndAtMostATickLate) {
  for (const int due_ms : {1, 50, 99, 100, 101, 1'000, 30'000, 102'400, 650'000}) {
    DeadlineWheel wheel(start);
    Watched watched(wheel);
    const auto due = start + milliseconds(due_ms);
    watched.deadline.arm(due);
    for (auto now = start; now < due; now += milliseconds(100)) {
      wheel.advance(now);
      ASSERT_EQ(watched.fired, 0) << due_ms;
    }
    wheel.advance(due + DeadlineWheel::tick);
    EXPECT_EQ(watched.fired, 1) << due_ms;
    turn(wheel, due, due + milliseconds(1'000));
    EXPECT_EQ(watched.fired, 1) << due_ms;
  }
}

TEST(DeadlineWheel, DisarmedNeverFires) {
  DeadlineWheel wheel(start);
  Watched watched(wheel);
  watched.deadline.arm(start + milliseconds(500));
  watched.deadline.disarm();
  turn(wheel, start, start + milliseconds(200'000));
  EXPECT_EQ(watched.fired, 0);
}

TEST(DeadlineWheel, ArmingAgainReplacesLaterAndEarlierAlike) {
  DeadlineWheel wheel(start);
  Watched later(wheel), earlier(wheel);
  later.deadline.arm(start + milliseconds(300));
  later.deadline.arm(start + milliseconds(3'000));
  earlier.deadline.arm(start + milliseconds(3'000));
  earlier.deadline.arm(start + milliseconds(300));
  turn(wheel, start, start + milliseconds(1'000));
  EXPECT_EQ(later.fired, 0);
  EXPECT_EQ(earlier.fired, 1);
  turn(wheel, start, start + milliseconds(3'200));
  EXPECT_EQ(later.fired, 1);
}

TEST(DeadlineWheel, AnOwnerMayGoAwayWhileArmed) {
  DeadlineWheel wheel(start);
  auto watched = std::make_unique<Watched>(wheel);
  watched->deadline.arm(start + milliseconds(300));
  watched.reset();
  turn(wheel, start, start + milliseconds(1'000));
}

// Against a plain list of due times: arms, disarms and turns in random order.
TEST(DeadlineWheel, AgreesWithAListOfDueTimes) {
  std::mt19937 random(4'711);
  DeadlineWheel wheel(start);
  std::vector<std::unique_ptr<Watched>> watched;
  std::vector<std::pair<Instant, int>> expected(200, {Instant::max(), 0});
  for (int i = 0; i < 200; ++i) watched.push_back(std::make_unique<Watched>(wheel));
  auto now = start;
  for (int turns = 0; turns < 5'000; ++turns) {
    const auto i = random() % watched.size();
    if (random() % 4 == 0) {
      watched[i]->deadline.disarm();
      expected[i].first = Instant::max();
    } else {
      const auto due = now + milliseconds(random() % 150'000);
      watched[i]->deadline.arm(due);
      expected[i].first = due;
    }
    now += milliseconds(random() % 400);
    wheel.advance(now);
    const auto reached = start + (now - start) / DeadlineWheel::tick * DeadlineWheel::tick;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      auto& [due, fired] = expected[k];
      if (watched[k]->fired > fired) {
        ASSERT_LE(due, now) << "fired early";
        due = Instant::max();
        ++fired;
      }
      ASSERT_TRUE(due == Instant::max() || due + DeadlineWheel::tick > reached) << "too late";
    }
  }
}

}  // namespace
}  // namespace weir::net
