#include "forwarding/occupancy.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weir::forwarding {
namespace {

TEST(Occupancy, CountsEachAddressForItself) {
  Occupancy occupancy;
  const auto one = *IpAddress::parse("192.0.2.1"), other = *IpAddress::parse("192.0.2.2");
  EXPECT_TRUE(occupancy.enter(one, 2));
  EXPECT_TRUE(occupancy.enter(one, 2));
  EXPECT_FALSE(occupancy.enter(one, 2));
  EXPECT_TRUE(occupancy.enter(other, 2));
  occupancy.leave(one);
  EXPECT_TRUE(occupancy.enter(one, 2));
}

TEST(Occupancy, NeverLetsMoreInWhenWorkersMeet) {
  Occupancy occupancy;
  const auto address = *IpAddress::parse("2001:db8::1");
  constexpr std::uint32_t most = 100;
  std::atomic<std::uint32_t> inside{0}, beyond{0};
  const auto come_and_go = [&] {
    for (int i = 0; i < 20'000; ++i) {
      if (!occupancy.enter(address, most)) continue;
      if (++inside > most) ++beyond;
      --inside;
      occupancy.leave(address);
    }
  };
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(come_and_go);
  workers.clear();
  EXPECT_EQ(beyond, 0U);
  for (std::uint32_t i = 0; i < most; ++i) EXPECT_TRUE(occupancy.enter(address, most));
  EXPECT_FALSE(occupancy.enter(address, most));
}

}  // namespace
}  // namespace weir::forwarding
