#include "routing/split.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace weir::routing {
namespace {

constexpr int keys = 100'000;

std::uint64_t hash_of(int key) { return key_hash("shop", "client-" + std::to_string(key)); }

Weight points(std::uint32_t basis_points) { return *Weight::from_basis_points(basis_points); }

// The hash is part of the contract between replicas and releases: these never change.
// (Computed by an independent implementation of FNV-1a and the finaliser.)
TEST(KeyHash, IsTheSameForever) {
  EXPECT_EQ(key_hash("", ""), 0xb9034ad37056f5fbU);
  EXPECT_EQ(key_hash("shop", "client-1"), 0x1ace991351ab11eU);
}

TEST(KeyHash, SaltAndKeyDoNotRunTogether) {
  EXPECT_NE(key_hash("a", "bc"), key_hash("ab", "c"));
  EXPECT_NE(key_hash("shop", "x"), key_hash("cart", "x"));
}

class ShareOfKeys : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ShareOfKeys, IsWithinABinomialBoundOf999PerMille) {
  const WeightedSplit split(Version::blue, points(GetParam()));
  int canary = 0;
  for (int key = 0; key < keys; ++key) canary += split.choose(hash_of(key)) == Version::green;
  const double asked = GetParam() / 10'000.0;
  constexpr double z_999 = 3.2905;  // two-sided
  const double bound = z_999 * std::sqrt(keys * asked * (1 - asked));
  EXPECT_NEAR(canary, keys * asked, bound) << "sticky keys on canary";
}

INSTANTIATE_TEST_SUITE_P(Weights, ShareOfKeys,
                         testing::Values(0, 1, 10, 100, 500, 2'500, 5'000, 9'000, 9'999, 10'000));

TEST(WeightedSplit, NobodyLeavesCanaryWhileTheWeightRises) {
  std::mt19937 random(20'261'123);
  for (int ramp = 0; ramp < 5; ++ramp) {
    std::uint32_t weight = 0;
    std::vector<bool> on_canary(keys, false);
    while (weight < 10'000) {
      weight = std::min(10'000U, weight + 1 + static_cast<std::uint32_t>(random() % 2'500));
      const WeightedSplit split(Version::green, points(weight));
      for (int key = 0; key < keys; ++key) {
        const bool now_on_canary = split.choose(hash_of(key)) == Version::blue;
        ASSERT_TRUE(now_on_canary || !on_canary[static_cast<std::size_t>(key)]) << key;
        on_canary[static_cast<std::size_t>(key)] = now_on_canary;
      }
    }
  }
}

TEST(WeightedSplit, NobodyMovesWhenTheRolesSwapAtTheEnd) {
  const WeightedSplit before(Version::blue, Weight::all());
  const WeightedSplit after(Version::green, Weight::none());
  for (int key = 0; key < keys; ++key) {
    ASSERT_EQ(before.choose(hash_of(key)), after.choose(hash_of(key)));
  }
}

}  // namespace
}  // namespace weir::routing
