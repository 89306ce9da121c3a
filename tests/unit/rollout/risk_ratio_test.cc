#include "rollout/risk_ratio.h"

#include <gtest/gtest.h>

#include <cmath>

#include "chances.h"

namespace weir::rollout {
namespace {

constexpr double five = 0.05;

double evidence(const RiskRatio& test) { return std::exp(test.log_evidence()); }

/// A test that has seen things, so that its capital lies differently on each bet.
RiskRatio experienced(double tolerance = 1) {
  RiskRatio test(tolerance, 1);
  test.observe({40, 3, 900}, five);
  test.observe({2, 2, 300}, 0.25);
  return test;
}

double after(RiskRatio test, const BadCounts& seen, double share) {
  test.observe(seen, share);
  return evidence(test);
}

TEST(RiskRatio, IsTheProductOfTheLikelihoodRatios) {
  RiskRatio test(1, 0.8);
  test.observe({7, 4, 0}, five);
  double expected = 0;
  for (std::size_t i = 0; i < RiskRatio::ratios.size(); ++i) {
    const double ratio = RiskRatio::ratios[i];
    expected += 0.8 * 0.5 * RiskRatio::parts[i] * std::pow(ratio, 4) /
                std::pow(1 - five + ratio * five, 11);
  }
  EXPECT_NEAR(evidence(test), expected, expected * 1e-12);
}

TEST(RiskRatio, BetsAllOfItsCapital) {
  double sum = 0;
  for (const auto part : RiskRatio::parts) sum += part;
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(RiskRatio, CountsErrorsOfOneObservationInAnyOrder) {
  RiskRatio at_once(1, 1), one_by_one(1, 1), backwards(1, 1);
  at_once.observe({3, 2, 0}, five);
  for (const BadCounts seen : {BadCounts{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}}) {
    one_by_one.observe(seen, five);
  }
  for (const BadCounts seen : {BadCounts{0, 2, 0}, {3, 0, 0}}) backwards.observe(seen, five);
  EXPECT_NEAR(evidence(at_once), evidence(one_by_one), 1e-12);
  EXPECT_NEAR(evidence(at_once), evidence(backwards), 1e-12);
}

// What makes 1/α hold: whatever was seen before, the next errors are worth nothing on average.
TEST(RiskRatio, IsAFairGameWhereBothVersionsAreAsGood) {
  for (const double share : {0.01, 0.05, 0.5, 0.9}) {
    for (const std::uint64_t errors : {1U, 2U, 7U, 30U}) {
      const auto test = experienced();
      const double mean = expectation(binomial(errors, share), [&](std::uint64_t canary) {
        return after(test, {errors - canary, canary, 0}, share);
      });
      EXPECT_NEAR(mean, evidence(test), 1e-9 * evidence(test)) << share << ' ' << errors;
    }
  }
}

TEST(RiskRatio, IsAFairGameAtTheToleratedRatio) {
  const double share = 0.2, tolerance = 1.5;
  const double of_canary = tolerance * share / (1 - share + tolerance * share);
  const auto test = experienced(tolerance);
  const double mean = expectation(binomial(9, of_canary), [&](std::uint64_t canary) {
    return after(test, {9 - canary, canary, 0}, share);
  });
  EXPECT_NEAR(mean, evidence(test), 1e-9 * evidence(test));
}

TEST(RiskRatio, IsALosingGameWhereCanaryIsBetterOrItsShareIsOverstated) {
  const auto test = experienced();
  for (const double actual : {0.01, 0.03, 0.049}) {
    const double mean = expectation(binomial(12, actual), [&](std::uint64_t canary) {
      return after(test, {12 - canary, canary, 0}, five);
    });
    EXPECT_LT(mean, evidence(test)) << actual;
  }
}

// Errors among requests whose versions are known are drawn without putting back: see TrafficShare.
TEST(RiskRatio, IsNoBetterThanFairGivenTheRequestsOfBoth) {
  for (const std::uint64_t errors : {2U, 5U, 19U}) {
    const auto test = experienced();
    const double mean = expectation(hypergeometric(60, 20, errors), [&](std::uint64_t canary) {
      return after(test, {errors - canary, canary, 0}, 20 / 80.0);
    });
    EXPECT_LT(mean, evidence(test)) << errors;
  }
}

TEST(RiskRatio, TakesBackWhatAWrongShareWon) {
  RiskRatio corrected(1, 1), right(1, 1);
  corrected.observe({7, 4, 19}, five);
  corrected.correct(11, five, 0.2);
  right.observe({7, 4, 19}, 0.2);
  EXPECT_NEAR(evidence(corrected), evidence(right), 1e-12);
}

TEST(RiskRatio, GainsNothingWithoutControl) {
  RiskRatio test(1, 1);
  const double before = evidence(test);
  test.observe({0, 1'000, 0}, 1);
  EXPECT_NEAR(evidence(test), before, 1e-9);
}

TEST(RiskRatio, StaysANumberWhateverComes) {
  for (const BadCounts seen : {BadCounts{0, 1'000'000'000'000, 1'000'000'000'000},
                               {1'000'000'000'000, 0, 1'000'000'000}}) {
    RiskRatio test(1, 1);
    for (int i = 0; i < 100; ++i) test.observe(seen, five);
    EXPECT_TRUE(std::isfinite(test.log_evidence()));
  }
}

TEST(RiskRatio, IsReadyForALateFault) {
  RiskRatio test(1, 1);
  for (int i = 0; i < 500; ++i) test.observe({4, i % 5 == 0 ? 1U : 0U, 20}, five);
  int errors = 0;
  while (evidence(test) < 100) test.observe({0, 1, 1}, five), ++errors;
  EXPECT_LE(errors, 7) << "a single start in the beginning needs many more";
}

}  // namespace
}  // namespace weir::rollout
