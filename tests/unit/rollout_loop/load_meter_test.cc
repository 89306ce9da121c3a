#include "rollout_loop/load_meter.h"

#include <gtest/gtest.h>

namespace weir::rollout_loop {
namespace {

using namespace std::chrono_literals;

constexpr Instant start(1h);

/// So many requests, of which canary had a third.
PerVersion<outcomes::Counts> counted(std::uint64_t requests) {
  PerVersion<outcomes::Counts> counts;
  counts[Version::green].by_class[2] = requests / 3;
  counts[Version::blue].by_class[2] = requests - requests / 3;
  return counts;
}

/// A counter that rises by `per_second`, read every 20 ms for so long.
LoadMeter fed(std::uint64_t per_second, Milliseconds passed) {
  LoadMeter meter(counted(1'000'000), start);
  for (auto at = 20ms; at <= passed; at += 20ms) {
    const auto passed_ms = static_cast<std::uint64_t>(at.count());
    meter.read(counted(1'000'000 + per_second * passed_ms / 1'000), start + at);
  }
  return meter;
}

TEST(LoadMeter, IsNothingUntilASecondWasSeen) {
  EXPECT_EQ(fed(500, 980ms).per_second(), 0);
  EXPECT_DOUBLE_EQ(fed(500, 1s).per_second(), 500);
}

TEST(LoadMeter, CountsNothingFromBeforeIt) { EXPECT_DOUBLE_EQ(fed(70, 5s).per_second(), 70); }

TEST(LoadMeter, ForgetsWhatIsTenSecondsOld) {
  auto meter = fed(1'000, 60s);
  EXPECT_DOUBLE_EQ(meter.per_second(), 1'000);
  for (int second = 1; second <= 5; ++second)
    meter.read(counted(1'060'000), start + 60s + second * 1s);
  EXPECT_DOUBLE_EQ(meter.per_second(), 500);
  for (int second = 6; second <= 10; ++second)
    meter.read(counted(1'060'000), start + 60s + second * 1s);
  EXPECT_DOUBLE_EQ(meter.per_second(), 0);
}

TEST(LoadMeter, TakesReadingsAsTheyCome) {
  LoadMeter meter(counted(0), start);
  meter.read(counted(300), start + 3s);
  EXPECT_DOUBLE_EQ(meter.per_second(), 100);
  meter.read(counted(300), start + 1h);
  EXPECT_LT(meter.per_second(), 1);
}

}  // namespace
}  // namespace weir::rollout_loop
