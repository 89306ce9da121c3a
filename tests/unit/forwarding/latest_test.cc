#include "forwarding/latest.h"

#include <gtest/gtest.h>

#include <thread>

namespace weir::forwarding {
namespace {

TEST(Latest, GivesWhatWasPutLastAndOnlyOnce) {
  Latest<int> latest;
  EXPECT_EQ(latest.take(), nullptr);
  latest.put(std::make_unique<int>(1));
  latest.put(std::make_unique<int>(2));
  EXPECT_EQ(*latest.take(), 2);
  EXPECT_EQ(latest.take(), nullptr);
}

TEST(Latest, NeverGoesBackBetweenThreads) {
  constexpr int last = 100'000;
  Latest<int> latest;
  std::thread teller([&] {
    for (int i = 1; i <= last; ++i) latest.put(std::make_unique<int>(i));
  });
  for (int seen = 0; seen < last;) {
    if (const auto next = latest.take()) {
      EXPECT_GT(*next, seen);
      seen = *next;
    }
  }
  teller.join();
}

}  // namespace
}  // namespace weir::forwarding
