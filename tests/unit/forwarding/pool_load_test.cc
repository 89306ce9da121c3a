#include "forwarding/pool_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <string>
#include <vector>

namespace weir::forwarding {
namespace {

using testing::ElementsAre;

class PoolOfOne : public testing::Test {
 protected:
  PoolOfOne() { EXPECT_TRUE(load.enter(1)); }

  /// Waits, and notes how that ended.
  void wait(const std::string& name, std::size_t longest, Milliseconds patience) {
    boost::asio::co_spawn(context, load.wait(context.get_executor(), longest, patience),
                          [this, name](const std::exception_ptr&, bool granted) {
                            ended.push_back(name + (granted ? " in" : " out"));
                          });
    context.poll();
  }

  boost::asio::io_context context;
  PoolLoad load;
  std::vector<std::string> ended;
};

constexpr Milliseconds long_time{60'000};

TEST_F(PoolOfOne, HasNoRoomForASecond) { EXPECT_FALSE(load.enter(1)); }

TEST_F(PoolOfOne, HandsItsPlaceToWhoHasWaitedLongest) {
  wait("first", 2, long_time);
  wait("second", 2, long_time);
  EXPECT_EQ(load.waiting(), 2U);
  load.leave();
  context.poll();
  EXPECT_THAT(ended, ElementsAre("first in"));
  EXPECT_FALSE(load.enter(1)) << "the place was handed on, not given up";
  load.leave();
  context.poll();
  EXPECT_THAT(ended, ElementsAre("first in", "second in"));
  load.leave();
  EXPECT_EQ(load.in_flight(), 0U);
}

TEST_F(PoolOfOne, RefusesAtOnceWhereTheQueueIsFull) {
  wait("first", 1, long_time);
  wait("second", 1, long_time);
  EXPECT_THAT(ended, ElementsAre("second out"));
  load.leave();
  context.poll();
}

TEST_F(PoolOfOne, RefusesWhoHasWaitedTooLong) {
  wait("first", 1, Milliseconds(1));
  context.restart();
  context.run();
  EXPECT_THAT(ended, ElementsAre("first out"));
  EXPECT_EQ(load.waiting(), 0U);
  load.leave();
  EXPECT_EQ(load.in_flight(), 0U);
}

}  // namespace
}  // namespace weir::forwarding
