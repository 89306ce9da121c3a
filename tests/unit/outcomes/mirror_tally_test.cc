#include "outcomes/mirror_tally.h"

#include <gtest/gtest.h>

#include <numeric>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;

MirrorCounts compared(std::uint16_t original, std::uint16_t copy) {
  MirrorTally tally;
  tally.compare({original, 1ms}, {copy, 1ms});
  return tally.read();
}

std::uint64_t sum(const MirrorCounts& counts) {
  return std::accumulate(counts.by_result.begin(), counts.by_result.end(), std::uint64_t{0});
}

TEST(MirrorTally, ComparesTheStatusOfTheTwoAnswers) {
  struct Rule {
    std::uint16_t original, copy;
    MirrorResult result;
    std::size_t original_class, copy_class;
  };
  const Rule rules[] = {
      {200, 200, MirrorResult::same_status, 2, 2},  {200, 204, MirrorResult::other_status, 2, 2},
      {200, 500, MirrorResult::other_status, 2, 5}, {404, 404, MirrorResult::same_status, 4, 4},
      {404, 200, MirrorResult::other_status, 4, 2}, {301, 302, MirrorResult::other_status, 3, 3},
      {503, 503, MirrorResult::same_status, 5, 5},  {200, 999, MirrorResult::other_status, 2, 5},
  };
  for (const auto& rule : rules) {
    const auto counts = compared(rule.original, rule.copy);
    EXPECT_EQ(counts.of(rule.result), 1U) << rule.original << ' ' << rule.copy;
    EXPECT_EQ(counts.by_classes[rule.original_class][rule.copy_class], 1U)
        << rule.original << ' ' << rule.copy;
    EXPECT_EQ(sum(counts), 1U);
    EXPECT_EQ(counts.compared(), 1U);
  }
}

TEST(MirrorTally, KeepsTheLatenciesOfBothApart) {
  MirrorTally tally;
  tally.compare({200, 3ms}, {200, 30ms});
  tally.compare({200, 4ms}, {500, 40ms});
  const auto counts = tally.read();
  const auto at = [](const LatencyBuckets& buckets, std::chrono::nanoseconds latency) {
    return buckets[bucket_of(latency)];
  };
  EXPECT_EQ(at(counts.original_latency, 3ms), 2U);
  EXPECT_EQ(at(counts.copy_latency, 30ms), 2U);
  EXPECT_EQ(counts.original_ns, 7'000'000U);
  EXPECT_EQ(counts.copy_ns, 70'000'000U);
}

TEST(MirrorTally, WhatWasNotAnsweredIsNotCompared) {
  MirrorTally tally;
  tally.count_failed();
  for (int i = 0; i < 2; ++i) tally.count_dropped();
  const auto counts = tally.read();
  EXPECT_EQ(counts.of(MirrorResult::failed), 1U);
  EXPECT_EQ(counts.of(MirrorResult::dropped), 2U);
  EXPECT_EQ(counts.compared(), 0U);
  EXPECT_EQ(counts.copy_latency, LatencyBuckets{});
}

TEST(MirrorCounts, OfAllWorkersAddUpInEveryMember) {
  MirrorTally one, other;
  for (auto* tally : {&one, &other, &other}) {
    tally->compare({200, 3ms}, {404, 30ms});
    tally->count_failed();
    tally->count_dropped();
  }
  auto both = one.read();
  both += other.read();
  MirrorTally thrice;
  for (int i = 0; i < 3; ++i) {
    thrice.compare({200, 3ms}, {404, 30ms});
    thrice.count_failed();
    thrice.count_dropped();
  }
  EXPECT_EQ(both, thrice.read());
}

}  // namespace
}  // namespace weir::outcomes
