#include "rollout/confidence.h"

#include <gtest/gtest.h>

namespace weir::rollout {
namespace {

struct Row {
  std::uint64_t bad, requests;
  double beta, bound;
};

// Clopper and Pearson's table, and 1 − β^(1/n) of no bad ones
const Row rows[] = {{0, 1, 0.05, 0.95},         {0, 59, 0.05, 0.04951},  {0, 300, 0.05, 0.009936},
                    {1, 10, 0.05, 0.394163},    {3, 300, 0.05, 0.02563}, {50, 100, 0.05, 0.58637},
                    {10, 1000, 0.01, 0.020043}, {4, 4, 0.05, 1},         {0, 0, 0.05, 1}};

TEST(UpperBound, IsClopperAndPearsons) {
  for (const auto& [bad, requests, beta, bound] : rows) {
    EXPECT_NEAR(upper_bound(bad, requests, beta), bound, 1e-3 * bound) << bad << '/' << requests;
  }
}

TEST(IsAtMost, AgreesWithTheBound) {
  for (const auto& [bad, requests, beta, bound] : rows) {
    if (bound >= 1) continue;
    EXPECT_TRUE(is_at_most(bad, requests, bound * 1.01, beta)) << bad << '/' << requests;
    EXPECT_FALSE(is_at_most(bad, requests, bound * 0.99, beta)) << bad << '/' << requests;
  }
}

TEST(IsAtMost, KnowsTheEnds) {
  EXPECT_FALSE(is_at_most(0, 0, 0.5, 0.05)) << "of nothing";
  EXPECT_FALSE(is_at_most(0, 0, 1, 0.05)) << "of nothing";
  EXPECT_TRUE(is_at_most(5, 5, 1, 0.05));
  EXPECT_FALSE(is_at_most(5, 5, 0.99, 0.05));
  EXPECT_FALSE(is_at_most(7, 5, 0.99, 0.05)) << "more than there were";
  EXPECT_FALSE(is_at_most(0, 1'000'000, 0, 0.05));
}

}  // namespace
}  // namespace weir::rollout
