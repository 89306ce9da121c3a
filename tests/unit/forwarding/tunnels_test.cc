#include "forwarding/tunnels.h"

#include <gtest/gtest.h>

namespace weir::forwarding {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

routing::RoutingSnapshot snapshot(Version stable, Weight weight) {
  auto route = std::make_shared<routing::ServiceRoute>();
  route->index = 7;
  route->stable = stable;
  route->weight = weight;
  routing::RoutingSnapshot made;
  made.services.push_back(route);
  return made;
}

TEST(Tunnels, AVersionServesNewClientsWhileItHasAnyShare) {
  struct Case {
    Version stable;
    Weight weight;
    bool blue, green;
  };
  for (const auto& each : {Case{Version::blue, Weight::none(), true, false},
                           {Version::blue, *Weight::from_basis_points(1), true, true},
                           {Version::blue, *Weight::from_basis_points(9'999), true, true},
                           {Version::blue, Weight::all(), false, true},
                           {Version::green, Weight::none(), false, true},
                           {Version::green, Weight::all(), true, false}}) {
    const auto routes = snapshot(each.stable, each.weight);
    EXPECT_EQ(serves_new_clients(routes, 7, Version::blue), each.blue);
    EXPECT_EQ(serves_new_clients(routes, 7, Version::green), each.green);
    EXPECT_FALSE(serves_new_clients(routes, 8, each.stable)) << "a service that is gone";
  }
}

TEST(Tunnels, StayIntoTheLastPartOfTheirTime) {
  const TunnelPlan plan{.after_switch = minutes(5), .jitter = Weight::percent(20)};
  auto earliest = Milliseconds::max(), latest = Milliseconds::min();
  for (std::uint64_t random = 0; random < 200'000; random += 7) {
    const auto stay = stay_after_switch(plan, random);
    earliest = std::min(earliest, stay);
    latest = std::max(latest, stay);
  }
  EXPECT_GE(earliest, minutes(4));
  EXPECT_LE(earliest, minutes(4) + seconds(1));
  EXPECT_LE(latest, minutes(5));
  EXPECT_GE(latest, minutes(5) - seconds(1));
}

TEST(Tunnels, StayToTheMomentWithoutJitterAndNotAtAllWithoutTime) {
  const TunnelPlan punctual{.after_switch = minutes(5), .jitter = Weight::none()};
  EXPECT_EQ(stay_after_switch(punctual, 123'456'789), minutes(5));
  const TunnelPlan at_once{.after_switch = Milliseconds(0), .jitter = Weight::all()};
  EXPECT_EQ(stay_after_switch(at_once, 123'456'789), Milliseconds(0));
  const TunnelPlan whole{.after_switch = seconds(1), .jitter = Weight::all()};
  EXPECT_EQ(stay_after_switch(whole, 1'000), Milliseconds(0));
}

TEST(Tunnels, LeaveADrainTimeToTakeLeave) {
  auto latest = Milliseconds::min();
  for (std::uint64_t random = 0; random < 20'000; ++random) {
    const auto stay = stay_in_drain(seconds(10), random);
    EXPECT_GE(stay, Milliseconds(0));
    latest = std::max(latest, stay);
  }
  EXPECT_EQ(latest, seconds(8));
  EXPECT_EQ(stay_in_drain(Milliseconds(0), 5), Milliseconds(0));
}

TEST(Tunnels, HaveAsManyPlacesAsTheyMay) {
  Tunnels tunnels(1);
  auto first = tunnels.place(2);
  {
    const auto second = tunnels.place(2);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(tunnels.place(2));
  }
  auto moved = std::make_unique<Place>(*std::move(first));
  first.reset();
  EXPECT_TRUE(tunnels.place(2)) << "one place was given back";
  EXPECT_FALSE(tunnels.place(1)) << "the moved one is held";
  moved.reset();
  EXPECT_TRUE(tunnels.place(1));
  EXPECT_FALSE(tunnels.place(0));
}

}  // namespace
}  // namespace weir::forwarding
