#include "rollout/fixed_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "chances.h"

namespace weir::rollout {
namespace {

double after(FixedRate test, std::uint64_t requests, std::uint64_t bad) {
  test.observe(requests, bad);
  return std::exp(test.log_evidence());
}

TEST(FixedRate, IsAFairGameAtTheRateAndALosingOneBelow) {
  for (const double rate : {0.001, 0.05, 0.4}) {
    FixedRate test(rate, 1);
    test.observe(13, 1);
    const double before = std::exp(test.log_evidence());
    const auto mean_at = [&](double actual) {
      return expectation(binomial(6, actual), [&](auto bad) { return after(test, 6, bad); });
    };
    EXPECT_NEAR(mean_at(rate), before, 1e-9 * before) << rate;
    EXPECT_LT(mean_at(rate / 2), before) << rate;
    EXPECT_GT(mean_at(std::min(3 * rate, 1.0)), before) << rate;
  }
}

TEST(FixedRate, NeedsFewFailuresWhereAllFail) {
  FixedRate test(0.01, 0.1);
  int failures = 0;
  while (std::exp(test.log_evidence()) < 100) test.observe(1, 1), ++failures;
  EXPECT_EQ(failures, 3);
}

TEST(FixedRate, TakesAnyRate) {
  for (const double rate : {0.0, 1e-9, 0.5, 0.999, 1.0}) {
    FixedRate test(rate, 1);
    test.observe(1'000'000'000, 500'000'000);
    EXPECT_TRUE(std::isfinite(test.log_evidence())) << rate;
  }
}

}  // namespace
}  // namespace weir::rollout
