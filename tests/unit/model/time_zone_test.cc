#include "model/time_zone.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

sys_seconds utc(year_month_day day, seconds time) { return sys_days(day) + time; }
local_seconds shown(year_month_day day, seconds time) { return local_days(day) + time; }

constexpr year_month_day spring = 2026y / March / 29, autumn = 2026y / October / 25;

TEST(TimeZone, IsUtcUnlessNamed) {
  EXPECT_EQ(TimeZone().name(), "UTC");
  EXPECT_EQ(TimeZone().local(utc(spring, 5h)), shown(spring, 5h));
  EXPECT_EQ(TimeZone(), *TimeZone::named("UTC"));
}

TEST(TimeZone, FollowsItsRules) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  EXPECT_EQ(berlin.name(), "Europe/Berlin");
  EXPECT_EQ(berlin.local(utc(2026y / January / 1, 11h)), shown(2026y / January / 1, 12h));
  EXPECT_EQ(berlin.local(utc(2026y / July / 1, 11h)), shown(2026y / July / 1, 13h));
  EXPECT_EQ(berlin.first(shown(2026y / July / 1, 13h)), utc(2026y / July / 1, 11h));
  const auto kathmandu = *TimeZone::named("Asia/Kathmandu");
  EXPECT_EQ(kathmandu.local(utc(spring, 0h)), shown(spring, 5h + 45min));
}

TEST(TimeZone, KnowsRulesOfAFarFuture) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  EXPECT_EQ(berlin.local(utc(2060y / July / 1, 11h)), shown(2060y / July / 1, 13h));
}

TEST(TimeZone, WhatClocksNeverShowIsWhenTheyAreSetForward) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  EXPECT_EQ(berlin.first(shown(spring, 2h + 30min)), utc(spring, 1h));
  EXPECT_EQ(berlin.last(shown(spring, 2h + 30min)), utc(spring, 1h));
}

TEST(TimeZone, WhatClocksShowTwiceHasAFirstAndALastTime) {
  const auto berlin = *TimeZone::named("Europe/Berlin");
  EXPECT_EQ(berlin.first(shown(autumn, 2h + 30min)), utc(autumn, 30min));
  EXPECT_EQ(berlin.last(shown(autumn, 2h + 30min)), utc(autumn, 1h + 30min));
}

TEST(TimeZone, NothingElseIsOne) {
  for (const auto* name :
       {"", "Europe/Berln", "europe/berlin", "localtime", "Fixed/UTC+01:00:00", "/etc/localtime",
        "../zoneinfo/UTC", "Europe/../UTC", "UTC ", "tzdata.zi"}) {
    EXPECT_FALSE(TimeZone::named(name).has_value()) << name;
  }
  EXPECT_FALSE(TimeZone::named(std::string("UTC\0", 4)).has_value());
}

}  // namespace
}  // namespace weir
