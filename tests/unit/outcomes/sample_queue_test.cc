#include "outcomes/sample_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;

Instant at(Milliseconds since_start) { return Instant(since_start + 1h); }

/// How many of `asked` samples of one version are wanted at that time.
std::uint32_t wanted(SampleQueue& queue, std::size_t service, Version version, int asked,
                     Instant now) {
  std::uint32_t count = 0;
  while (asked-- > 0) count += queue.wants(service, version, now) ? 1 : 0;
  return count;
}

std::vector<std::uint16_t> drained(SampleQueue& queue) {
  std::vector<std::uint16_t> found;
  queue.drain([&](const FoundSample& sample) { found.push_back(sample.request.status); });
  return found;
}

FoundSample of_status(std::uint16_t status) {
  FoundSample found;
  found.request.status = status;
  return found;
}

TEST(SampleQueue, WantsAFewOfAStorm) {
  SampleQueue queue;
  EXPECT_EQ(wanted(queue, 0, Version::green, 100'000, at(0ms)), SampleQueue::most_wanted);
  EXPECT_EQ(wanted(queue, 0, Version::green, 100'000, at(99ms)), 0U);
  EXPECT_EQ(wanted(queue, 0, Version::green, 100'000, at(100ms)), SampleQueue::most_wanted);
}

TEST(SampleQueue, AStormOfOneVersionTakesNothingFromAnother) {
  SampleQueue queue;
  wanted(queue, 3, Version::green, 1'000, at(0ms));
  EXPECT_TRUE(queue.wants(3, Version::blue, at(0ms)));
  EXPECT_TRUE(queue.wants(4, Version::green, at(0ms)));
  EXPECT_TRUE(queue.wants(0, Version::green, at(0ms)));
  EXPECT_FALSE(queue.wants(3, Version::green, at(0ms)));
}

TEST(SampleQueue, HandsEachOverOnceInOrder) {
  SampleQueue queue;
  for (const auto status : std::vector<std::uint16_t>{500, 502, 503}) queue.push(of_status(status));
  EXPECT_EQ(drained(queue), (std::vector<std::uint16_t>{500, 502, 503}));
  EXPECT_TRUE(drained(queue).empty());
}

TEST(SampleQueue, LosesAndCountsWhatItHasNoRoomFor) {
  SampleQueue queue;
  for (std::uint16_t status = 0; status < 1'000; ++status) queue.push(of_status(status));
  const auto found = drained(queue);
  EXPECT_EQ(found.size() + queue.lost(), 1'000U);
  EXPECT_GT(queue.lost(), 0U);
  EXPECT_EQ(found.front(), 0U) << "the first ones stay";
}

TEST(SampleQueue, CarriesWholeSamplesFromOneThreadToAnother) {
  constexpr std::uint64_t all = 20'000;
  SampleQueue queue;
  std::thread worker([&] {
    for (std::uint64_t number = 0; number < all; ++number) {
      FoundSample found{number, 0, Version::green, {}};
      found.request.request_id = ShortText<128>(std::to_string(number));
      queue.push(found);
    }
  });
  std::uint64_t seen = 0;
  bool whole = true;
  const auto take = [&](const FoundSample& found) {
    whole = whole && found.request.request_id.view() == std::to_string(found.epoch);
    ++seen;
  };
  while (seen + queue.lost() < all) queue.drain(take);
  worker.join();
  queue.drain(take);
  EXPECT_EQ(seen + queue.lost(), all);
  EXPECT_TRUE(whole);
}

TEST(SampleRequest, HoldsLongTextsCut) {
  SampleRequest sample;
  sample.path = ShortText<128>("/" + std::string(500, 'x'));
  EXPECT_EQ(sample.path.view(), "/" + std::string(127, 'x'));
  EXPECT_EQ(ShortText<4>("abcü").view(), "abc") << "never within a character";
  EXPECT_EQ(ShortText<5>("abcü").view(), "abcü");
}

TEST(Endings, HaveNames) {
  EXPECT_EQ(name_of(Ending::answered), "answered");
  EXPECT_EQ(name_of(Ending::connect_failed), "connect_failed");
  EXPECT_EQ(name_of(Ending::reset), "reset");
  EXPECT_EQ(name_of(Ending::timed_out), "timed_out");
  EXPECT_EQ(name_of(Ending::overflow), "overflow");
  EXPECT_EQ(name_of(Ending::client_aborted), "client_aborted");
}

}  // namespace
}  // namespace weir::outcomes
