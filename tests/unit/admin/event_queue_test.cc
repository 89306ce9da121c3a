#include "admin/event_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "sample_status.h"

namespace weir::admin {
namespace {

using rollout_loop::EventFeed;
using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::milliseconds soon{5};
constexpr std::size_t longest = 256;

class Queue : public testing::Test {
 protected:
  EventQueue& open(std::string service = "", std::optional<std::uint64_t> last_id = {}) {
    return queue.emplace(context.get_executor(), feed, std::move(service), last_id, longest);
  }

  std::string next() {
    auto text = boost::asio::co_spawn(context, queue->next(soon), boost::asio::use_future);
    context.restart();
    context.run();
    return text.get();
  }

  boost::asio::io_context context{1};
  EventFeed feed;
  std::optional<EventQueue> queue;
};

TEST(EventText, IsOneEventOfAStream) {
  auto event = sample_event();
  event.id = 12;
  const auto text = sse_text(event);
  EXPECT_THAT(text, testing::StartsWith("id: 12\nevent: transition\ndata: {\""));
  EXPECT_TRUE(text.ends_with("}\n\n"));
}

TEST_F(Queue, BeginsWithTheNextEvent) {
  feed.publish(sample_event("shop", "start"));
  open();
  feed.publish(sample_event("shop", "step"));
  feed.publish(sample_event("shop", "finish"));
  const auto text = next();
  EXPECT_THAT(text, Not(HasSubstr("id: 1\n")));
  EXPECT_THAT(text, testing::AllOf(HasSubstr("id: 2\n"), HasSubstr("id: 3\n")));
}

TEST_F(Queue, GoesOnAfterTheLastEventSeen) {
  for (int i = 0; i < 3; ++i) feed.publish(sample_event());
  open("", 1);
  EXPECT_THAT(next(), testing::AllOf(HasSubstr("id: 2\n"), HasSubstr("id: 3\n"),
                                     Not(HasSubstr("id: 1\n"))));
}

TEST_F(Queue, GivesEverythingToAClientOfAnEarlierProcess) {
  feed.publish(sample_event());
  open("", 57);
  EXPECT_THAT(next(), HasSubstr("id: 1\n"));
}

TEST_F(Queue, HoldsOnlyTheServiceAskedFor) {
  open("shop");
  feed.publish(sample_event("api"));
  EXPECT_EQ(next(), ": still here\n\n");
  feed.publish(sample_event("shop"));
  EXPECT_THAT(next(), HasSubstr("\"service\":\"shop\""));
}

TEST_F(Queue, EndsForAClientThatIsTooSlow) {
  open();
  for (std::size_t i = 0; i < longest; ++i) feed.publish(sample_event());
  EXPECT_THAT(next(), HasSubstr("id: 256\n"));
  EXPECT_FALSE(queue->overrun());
  for (std::size_t i = 0; i <= longest; ++i) feed.publish(sample_event());
  EXPECT_EQ(next(), "");
  EXPECT_TRUE(queue->overrun());
}

TEST_F(Queue, MayBeginWithMoreThanItMayHoldLater) {
  for (std::size_t i = 0; i < EventFeed::kept; ++i) feed.publish(sample_event());
  open("", 0);
  EXPECT_THAT(next(), HasSubstr("id: 1024\n"));
}

TEST_F(Queue, ListensNoLongerThanItLives) {
  open();
  queue.reset();
  feed.publish(sample_event());
}

TEST(EventId, IsANumber) {
  EXPECT_EQ(read_event_id("57"), 57u);
  for (const auto* text : {"", "x", "-1", "5 ", "99999999999999999999"}) {
    EXPECT_EQ(read_event_id(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace weir::admin
