#include "outcomes/failure_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weir::outcomes {
namespace {

std::vector<std::uint64_t> drained(FailureQueue& queue) {
  std::vector<std::uint64_t> keys;
  queue.drain([&](const Failure& failure) { keys.push_back(failure.key); });
  return keys;
}

TEST(FailureQueue, HandsEachFailureOverOnceInOrder) {
  FailureQueue queue;
  for (const std::uint64_t key : {3U, 1U, 2U}) queue.push({.key = key});
  EXPECT_EQ(drained(queue), (std::vector<std::uint64_t>{3, 1, 2}));
  EXPECT_TRUE(drained(queue).empty());
}

TEST(FailureQueue, LosesAndCountsWhatItHasNoRoomFor) {
  FailureQueue queue;
  for (std::uint64_t key = 0; key < 3'000; ++key) queue.push({.key = key});
  const auto keys = drained(queue);
  EXPECT_EQ(keys.size() + queue.lost(), 3'000U);
  EXPECT_GT(queue.lost(), 0U);
  EXPECT_EQ(keys.front(), 0U) << "the first ones stay";
}

TEST(FailureQueue, CarriesEverythingFromOneThreadToAnother) {
  constexpr std::uint64_t all = 100'000;
  FailureQueue queue;
  std::thread worker([&] {
    for (std::uint64_t key = 0; key < all; ++key) queue.push({.key = key});
  });
  std::uint64_t seen = 0, last = 0;
  bool rising = true;
  const auto take = [&](const Failure& failure) {
    rising = rising && (seen == 0 || failure.key > last);
    last = failure.key;
    ++seen;
  };
  while (seen + queue.lost() < all) queue.drain(take);
  worker.join();
  queue.drain(take);
  EXPECT_EQ(seen + queue.lost(), all);
  EXPECT_TRUE(rising);
}

}  // namespace
}  // namespace weir::outcomes
