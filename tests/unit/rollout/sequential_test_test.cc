#include "rollout/sequential_test.h"

#include <gtest/gtest.h>

#include <random>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using outcomes::EvidenceCounts;
using outcomes::Observation;

constexpr auto five = Weight::percent(5);
constexpr auto half = Weight::percent(50);

SequentialTest fresh(const SequentialRule& rule = {}, const EvidenceCounts& before = {}) {
  return {rule, errors_part, before, ErrorGuard{}.failures_in_a_row};
}

Verdict after(SequentialTest test, const Observation& seen) {
  test.observe(seen, at(0ms));
  return test.verdict(at(0ms));
}

/// Errors and requests of both, under a weight.
struct Row {
  const char* name;
  std::uint64_t stable_bad, stable, canary_bad, canary;
  Weight weight;
  Verdict verdict;
};

const Row rows[] = {
    {"nothing seen", 0, 0, 0, 0, five, Verdict::insufficient},
    {"four requests at night", 0, 76, 0, 4, five, Verdict::insufficient},
    {"four requests, one of them failed", 0, 76, 1, 4, five, Verdict::insufficient},
    {"58 good ones leave 5 % possible", 0, 1'102, 0, 58, five, Verdict::insufficient},
    {"59 good ones do not", 0, 1'121, 0, 59, five, Verdict::fine},
    {"a minute at 100 a second", 60, 5'700, 3, 300, five, Verdict::fine},
    {"half bad", 0, 114, 3, 6, five, Verdict::worse},
    {"four more than chance would have", 1, 950, 4, 50, five, Verdict::worse},
    {"nine in a hundred are not halfway there", 57, 5'700, 9, 300, five, Verdict::insufficient},
    {"three times as bad", 57, 5'700, 15, 300, five, Verdict::worse},
    {"both as bad as each other", 2'280, 5'700, 120, 300, five, Verdict::fine},
    {"an outage of both", 5'700, 5'700, 300, 300, five, Verdict::fine},
    {"never above the floor", 0, 95'000, 4, 5'000, five, Verdict::fine},
    {"at half, eight errors without any of stable", 0, 100, 8, 100, half, Verdict::insufficient},
    {"at half, sixteen", 0, 100, 16, 100, half, Verdict::worse},
};

TEST(SequentialTest, TellsWorseFromFineFromUnknown) {
  for (const auto& row : rows) {
    const Observation seen{{row.stable, row.stable_bad}, {row.canary, row.canary_bad}, row.weight};
    EXPECT_EQ(after(fresh(), seen), row.verdict) << row.name;
  }
}

TEST(SequentialTest, CountsSlowExchangesAsItCountsErrors) {
  for (const auto& row : rows) {
    const Observation seen{
        {row.stable, 0, row.stable_bad}, {row.canary, 0, row.canary_bad}, row.weight};
    EXPECT_EQ(after({SequentialRule{}, slow_part}, seen), row.verdict) << row.name;
  }
}

TEST(SequentialTest, DoesNotConvictForWhatOneKeyRepeats) {
  EvidenceCounts retried{60, 40};
  EXPECT_EQ(after(fresh(), {{760}, retried, five}), Verdict::worse);
  retried.repeated_errors = 39;
  EXPECT_EQ(after(fresh(), {{760}, retried, five}), Verdict::insufficient);
}

TEST(SequentialTest, DoesNotTakeRepetitionsForSuccesses) {
  EvidenceCounts all_fail{1'000, 1'000};
  all_fail.repeated_errors = 990;
  EXPECT_NE(after(fresh(), {{19'000}, all_fail, five}), Verdict::fine);
}

TEST(SequentialTest, DoesNotConvictForTheTrafficOfHeavyClients) {
  auto test = fresh();
  for (int i = 0; i < 200; ++i) test.observe({{75, 15}, {25, 5}, five}, at(i * 1s));
  EXPECT_EQ(test.verdict(at(200s)), Verdict::fine) << "a quarter of requests and of errors";
}

TEST(SequentialTest, ToleratesWhatItIsTold) {
  const Observation twice{{57'000, 570}, {3'000, 60}, five};
  EXPECT_EQ(after(fresh(), twice), Verdict::worse);
  EXPECT_NE(after(fresh({.tolerance = 2}), twice), Verdict::worse);
}

TEST(SequentialTest, HoldsCanaryToWhatStableDidOnceItServesAlone) {
  struct Alone {
    const char* name;
    EvidenceCounts before, canary;
    Verdict verdict;
  };
  const Alone cases[] = {
      {"as good", {10'000, 100}, {1'000, 10}, Verdict::fine},
      {"five times as bad", {10'000, 100}, {1'000, 50}, Verdict::worse},
      {"as bad as stable was", {10'000, 2'000}, {1'000, 200}, Verdict::fine},
      {"nothing known, acceptable", {}, {1'000, 20}, Verdict::fine},
      {"nothing known, all fails", {}, {6, 6}, Verdict::worse},
      {"nothing known, 15 %", {}, {1'000, 150}, Verdict::worse},
      {"nothing known, a few", {}, {20, 1}, Verdict::insufficient},
  };
  for (const auto& [name, before, canary, verdict] : cases) {
    EXPECT_EQ(after(fresh({}, before), {{}, canary, Weight::all()}), verdict) << name;
  }
}

TEST(SequentialTest, RemembersItsControlAtTheEndOfTheRamp) {
  auto test = fresh();
  test.observe({{1'000, 1}, {1'000, 1}, half}, at(0s));
  test.observe({{0, 0}, {1'000, 30}, Weight::all()}, at(60s));
  EXPECT_EQ(test.verdict(at(60s)), Verdict::worse);
  EXPECT_EQ(test.basis().stable, (EvidenceCounts{1'000, 1}));
}

TEST(SequentialTest, JudgesEachWeightAfresh) {
  auto test = fresh();
  test.observe({{19'000}, {1'000}, five}, at(0s));
  EXPECT_EQ(test.verdict(at(0s)), Verdict::fine);
  test.observe({{15}, {5}, Weight::percent(25)}, at(1s));
  EXPECT_EQ(test.verdict(at(1s)), Verdict::insufficient) << "five requests of the new step";
}

TEST(SequentialTest, ExchangesOfAHigherWeightDoNotConvictAtALowerOne) {
  auto test = fresh();
  test.observe({{500}, {500}, half}, at(0s));
  test.observe({{10, 10}, {10, 10}, five}, at(1s));  // time-outs of before
  EXPECT_NE(test.verdict(at(1s)), Verdict::worse);
}

TEST(SequentialTest, AsksForTheFloorNow) {
  auto test = fresh({.floor = Weight::percent(2)});
  test.observe({{950}, {50, 5}, five}, at(0s));
  EXPECT_EQ(test.verdict(at(0s)), Verdict::worse);
  EXPECT_NE(test.verdict(at(31s)), Verdict::worse) << "out of the window";
}

TEST(SequentialTest, ShowsWhatItSawSinceSuspicionBegan) {
  auto test = fresh();
  for (int i = 0; i < 100; ++i) test.observe({{1'900, 19}, {100, 1}, five}, at(i * 1s));
  test.observe({{380, 3}, {20, 9}, five}, at(100s));
  ASSERT_EQ(test.verdict(at(100s)), Verdict::worse);
  EXPECT_EQ(test.basis().canary, (EvidenceCounts{20, 9})) << "not 109 of 10,020";
  EXPECT_NEAR(*test.ratio(), 57, 1e-9);
}

TEST(SequentialTest, HasNoRatioWithoutErrorsOfStable) {
  auto test = fresh();
  EXPECT_EQ(test.ratio(), std::nullopt);
  test.observe({{950}, {50, 5}, five}, at(0s));
  EXPECT_EQ(test.ratio(), std::nullopt);
}

/// One exchange after another, each looked at.
class Traffic {
 public:
  explicit Traffic(std::uint64_t seed) : random_(seed) {}

  /// True: worse within so many requests of both.
  bool convicts(SequentialTest& test, Weight weight, double stable_rate, double canary_rate,
                int requests) {
    for (int i = 0; i < requests; ++i) {
      const bool canary = chance(weight.ratio());
      const EvidenceCounts one{1, chance(canary ? canary_rate : stable_rate) ? 1U : 0U};
      now_ += 10ms;
      test.observe({canary ? EvidenceCounts{} : one, canary ? one : EvidenceCounts{}, weight},
                   now_);
      if (one.errors > 0 && test.is_worse(now_)) return true;
    }
    return false;
  }
  Instant now() const { return now_; }

 private:
  bool chance(double p) { return std::uniform_real_distribution<>()(random_) < p; }
  std::mt19937_64 random_;
  Instant now_ = at(0ms);
};

// bench/decisions has the figures; this sees that nothing is grossly wrong.
TEST(SequentialTest, LeavesGoodReleasesAloneAndFindsBadOnes) {
  int convicted = 0, missed = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    auto good = fresh(), bad = fresh();
    Traffic traffic(seed);
    convicted += traffic.convicts(good, Weight::percent(20), 0.05, 0.05, 10'000) ? 1 : 0;
    missed += traffic.convicts(bad, Weight::percent(20), 0.01, 0.10, 3'000) ? 0 : 1;
  }
  EXPECT_LE(convicted, 4) << "of 100, at alpha 1 %";
  EXPECT_LE(missed, 2);
}

TEST(SequentialTest, DoesNotDelayAHealthyRampOfOrdinaryTraffic) {
  int late = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    auto test = fresh();
    Traffic traffic(seed);
    for (const auto weight : {five, Weight::percent(25), half, Weight::all()}) {
      traffic.convicts(test, weight, 0.005, 0.005, 6'000);  // a minute at 100 a second
      late += test.verdict(traffic.now()) == Verdict::fine ? 0 : 1;
    }
  }
  EXPECT_LE(late, 4) << "of 200 steps";
}

}  // namespace
}  // namespace weir::rollout
