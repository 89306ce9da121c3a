#include "outcomes/latency_spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::size_t last = LatencySpread::buckets - 1;

LatencySpread spread_of(const std::vector<nanoseconds>& latencies) {
  LatencySpread spread;
  for (const auto latency : latencies) ++spread.counts[LatencySpread::bucket_of(latency)];
  return spread;
}

TEST(LatencySpread, BucketsFollowOneAnotherWithoutAGap) {
  for (std::size_t i = 0; i < last; ++i) {
    const nanoseconds end = LatencySpread::end_of(i);
    ASSERT_EQ(LatencySpread::bucket_of(end - 1ns), i) << end.count();
    ASSERT_EQ(LatencySpread::bucket_of(end), i + 1) << end.count();
  }
}

TEST(LatencySpread, ABucketIsASixteenthWideAtTheMost) {
  for (std::size_t i = 32; i < LatencySpread::buckets; ++i) {
    const auto begin = LatencySpread::end_of(i - 1), end = LatencySpread::end_of(i);
    ASSERT_LE((end - begin) * 16, begin) << begin.count() << " µs";
  }
}

TEST(LatencySpread, HoldsWhateverIsMeasured) {
  EXPECT_EQ(LatencySpread::bucket_of(-1s), 0U);
  EXPECT_EQ(LatencySpread::bucket_of(999ns), 0U);
  EXPECT_EQ(LatencySpread::bucket_of(1h), LatencySpread::bucket_of(1h + 1s));
  EXPECT_EQ(LatencySpread::bucket_of(nanoseconds::max()), last);
  EXPECT_EQ(LatencySpread::end_of(last), Microseconds(std::int64_t{1} << 32));
}

TEST(LatencySpread, OfNothingHasNoQuantile) {
  EXPECT_EQ(LatencySpread{}.quantile(0.95), std::nullopt);
  EXPECT_EQ(LatencySpread{}.above(1ms), 0U);
}

TEST(LatencySpread, OfOneIsThatOne) {
  for (const double share : {0.01, 0.5, 0.95, 1.0}) {
    EXPECT_EQ(spread_of({5ms}).quantile(share), 5'120us) << share;
  }
}

// Against the quantile by sorting: never below it, and at most a bucket above.
TEST(LatencySpread, FindsTheQuantileWithinABucket) {
  std::mt19937_64 random(7);
  for (const double spread : {0.1, 0.5, 1.5}) {
    std::lognormal_distribution<double> milliseconds(std::log(8.0), spread);
    std::vector<nanoseconds> latencies;
    for (int i = 0; i < 5'000; ++i) {
      latencies.emplace_back(static_cast<std::int64_t>(milliseconds(random) * 1e6));
    }
    const auto found = spread_of(latencies);
    std::sort(latencies.begin(), latencies.end());
    for (const double share : {0.5, 0.9, 0.95, 0.99}) {
      const auto rank = static_cast<std::size_t>(share * 5'000);
      const nanoseconds quantile = found.quantile(share).value(), exact = latencies[rank - 1];
      EXPECT_GT(quantile, exact) << share;
      EXPECT_LE(quantile, exact + exact / 16 + 1us) << share;
      const auto slower = static_cast<std::uint64_t>(
          latencies.end() - std::upper_bound(latencies.begin(), latencies.end(), quantile));
      EXPECT_EQ(found.above(found.quantile(share).value()), slower);
      EXPECT_LE(slower, 5'000 - rank) << "at least that share took less";
    }
  }
}

TEST(LatencySpread, SumsAndDifferences) {
  const auto some = spread_of({1ms, 2ms, 2ms}), more = spread_of({2ms, 40s});
  auto all = some;
  all += more;
  EXPECT_EQ(all.total(), 5U);
  EXPECT_EQ(all - some, more);
  EXPECT_EQ(all.above(39s), 1U);
}

TEST(LatencyMeter, IsReadWholeWhileAnotherThreadCounts) {
  constexpr std::uint64_t count = 20'000;
  LatencyMeter meter;
  EXPECT_EQ(meter.read().total(), 0U);
  std::thread worker([&] {
    for (std::uint64_t i = 0; i < count; ++i) meter.add(nanoseconds(i * 1'000));
  });
  for (std::uint64_t before = 0, seen = 0; seen < count; before = seen) {
    seen = meter.read().total();
    ASSERT_GE(seen, before);
  }
  worker.join();
}

class Recent : public testing::Test {
 protected:
  /// The sum after a reading at that time, when so many exchanges have ended in all.
  std::uint64_t at(Milliseconds time, int ended) {
    recent_.read(spread_of(std::vector<nanoseconds>(static_cast<std::size_t>(ended), 5ms)),
                 Instant(1h + time));
    return recent_.sum().total();
  }
  RecentLatencies recent_{60s};
};

TEST_F(Recent, BeginsWithNothing) {
  EXPECT_EQ(recent_.sum().total(), 0U);
  EXPECT_EQ(at(0s, 1'000), 0U) << "ended before";
  EXPECT_EQ(at(1s, 1'010), 10U);
}

TEST_F(Recent, KeepsBetweenHalfASpanAndAWholeOne) {
  at(0s, 0);
  int ended = 0;
  for (int second = 1; second <= 600; ++second) {
    const auto sum = at(std::chrono::seconds(second), ended += 10);
    if (second < 30) {
      EXPECT_EQ(sum, static_cast<std::uint64_t>(10 * second));
    } else {
      EXPECT_GE(sum, 300U) << second;
      EXPECT_LE(sum, 600U) << second;
    }
  }
}

}  // namespace
}  // namespace weir::outcomes
