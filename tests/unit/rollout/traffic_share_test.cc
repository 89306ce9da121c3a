#include "rollout/traffic_share.h"

#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;

constexpr auto memory = 30s;

outcomes::Observation ended(std::uint64_t stable, std::uint64_t canary, std::uint32_t percent) {
  return {{stable}, {canary}, *Weight::from_basis_points(percent * 100)};
}

TEST(TrafficShare, IsTheWeightWhereTrafficFollowsIt) {
  TrafficShare share(memory);
  for (int i = 0; i < 10'000; ++i) EXPECT_DOUBLE_EQ(share.observe(ended(19, 1, 5), at(0ms)), 0.05);
}

TEST(TrafficShare, IsTheWeightWhereCanaryHasLess) {
  TrafficShare share(memory);
  EXPECT_DOUBLE_EQ(share.observe(ended(10'000, 1, 5), at(0ms)), 0.05);
}

TEST(TrafficShare, OfAFewRequestsIsTheWeight) {
  TrafficShare share(memory);
  EXPECT_DOUBLE_EQ(share.observe(ended(0, 1, 5), at(0ms)), 0.05) << "not all of the traffic";
  EXPECT_DOUBLE_EQ(share.observe(ended(17, 2, 5), at(0ms)), 0.05);
}

TEST(TrafficShare, FollowsHeavyClientsOfTheCanary) {
  TrafficShare share(memory);
  double found = 0;
  for (int i = 0; i < 10'000; ++i) found = share.observe(ended(75, 25, 5), at(0ms));
  EXPECT_DOUBLE_EQ(found, 0.25);
  for (int i = 0; i < 10'000; ++i) found = share.observe(ended(95, 5, 5), at(0ms));
  EXPECT_DOUBLE_EQ(found, 0.05) << "they went away";
}

TEST(TrafficShare, SaysOnceUnderEachWeightThatItFoundMore) {
  TrafficShare share(memory);
  const auto found = [&](const outcomes::Observation& seen) {
    share.observe(seen, at(0ms));
    return share.just_found_more();
  };
  EXPECT_FALSE(found(ended(950, 50, 5)));
  EXPECT_TRUE(found(ended(0, 50, 5)));
  EXPECT_FALSE(found(ended(0, 50, 5)));
  EXPECT_FALSE(found(ended(75, 25, 25)));
  EXPECT_TRUE(found(ended(0, 25, 25)));
}

TEST(TrafficShare, RemembersAHigherWeightAsLongAsItsExchangesMayEnd) {
  TrafficShare share(memory);
  share.observe(ended(50, 50, 50), at(0s));
  EXPECT_DOUBLE_EQ(share.observe(ended(50, 50, 5), at(1s)), 0.5);
  EXPECT_DOUBLE_EQ(share.observe(ended(95, 5, 5), at(30s)), 0.5);
  EXPECT_DOUBLE_EQ(share.observe(ended(9'500, 5, 5), at(31s)), 0.05);
  EXPECT_DOUBLE_EQ(share.observe(ended(75, 25, 25), at(32s)), 0.25) << "a rise counts at once";
}

}  // namespace
}  // namespace weir::rollout
