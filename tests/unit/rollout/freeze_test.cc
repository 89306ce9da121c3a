#include "rollout/freeze.h"

#include <gtest/gtest.h>

namespace weir::rollout {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const TimeZone berlin = TimeZone::named("Europe/Berlin").value();
const TimeZone auckland = TimeZone::named("Pacific/Auckland").value();

WallTime utc(year_month_day day, seconds time) { return sys_days(day) + time; }

/// Monday first: "mtwtf--".
FreezeWindow window(TimeZone zone, std::string_view days, minutes from, minutes to) {
  FreezeWindow window;
  window.name = "w";
  window.zone = std::move(zone);
  window.from = from;
  window.to = to;
  for (std::size_t i = 0; i < days.size(); ++i) window.days.at(i) = days[i] != '-';
  return window;
}

FreezeWindow dated(FreezeWindow window, year_month_day first, year_month_day last) {
  window.first_day = local_days(first);
  window.last_day = local_days(last);
  return window;
}

// 2026-11-27 is a Friday.
constexpr year_month_day thursday = 2026y / November / 26, friday = 2026y / November / 27,
                         saturday = 2026y / November / 28, sunday = 2026y / November / 29,
                         monday = 2026y / November / 30;
constexpr year_month_day spring = 2026y / March / 29, autumn = 2026y / October / 25;

const auto all_day = window({}, "mtwtfss", 0h, 24h);
const auto nights = window(berlin, "mtwtf--", 18h, 8h);
const auto lunch = window(berlin, "mtwtf--", 12h, 13h);
const auto weekend = window(berlin, "-----ss", 0h, 24h);
const auto holidays =
    dated(window(berlin, "mtwtfss", 0h, 24h), 2026y / December / 24, 2027y / January / 1);

struct Row {
  const char* what;
  std::vector<FreezeWindow> windows;
  WallTime now;
  std::optional<WallTime> until;  ///< nothing: none is open
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.what; }

class Windows : public testing::TestWithParam<Row> {};

TEST_P(Windows, AreOpenUntil) {
  const auto freeze = freeze_at(GetParam().windows, GetParam().now);
  ASSERT_EQ(freeze.has_value(), GetParam().until.has_value());
  EXPECT_EQ(freeze ? freeze->until : std::nullopt, GetParam().until);
}

INSTANTIATE_TEST_SUITE_P(
    Times, Windows,
    testing::Values(
        Row{"none", {}, utc(friday, 12h), {}},
        Row{"before it opens", {lunch}, utc(friday, 11h) - 1ms, {}},
        Row{"as it opens", {lunch}, utc(friday, 11h), utc(friday, 12h)},
        Row{"before it closes", {lunch}, utc(friday, 12h) - 1ms, utc(friday, 12h)},
        Row{"as it closes", {lunch}, utc(friday, 12h), {}},
        Row{"in the evening", {nights}, utc(thursday, 17h), utc(friday, 7h)},
        Row{"after midnight", {nights}, utc(friday, 3h), utc(friday, 7h)},
        Row{"in the morning", {nights}, utc(friday, 7h), {}},
        Row{"Friday's night ends on Saturday", {nights}, utc(saturday, 6h), utc(saturday, 7h)},
        Row{"Saturday has no night", {nights}, utc(saturday, 18h), {}},
        Row{"nor has the morning after Sunday", {nights}, utc(monday, 5h), {}},
        Row{"midnight is that of the zone", {weekend}, utc(friday, 23h), utc(sunday, 23h)},
        Row{"the day is that of the zone",
            {window(auckland, "----f--", 9h, 10h)},
            utc(thursday, 20h + 30min),
            utc(thursday, 21h)}));

INSTANTIATE_TEST_SUITE_P(
    Together, Windows,
    testing::Values(
        Row{"what follows on without a gap", {nights, weekend}, utc(friday, 20h), utc(sunday, 23h)},
        Row{"in whatever order", {weekend, nights}, utc(friday, 20h), utc(sunday, 23h)},
        Row{"one inside another",
            {weekend, window(berlin, "-----s-", 9h, 10h)},
            utc(saturday, 8h + 30min),
            utc(sunday, 23h)},
        Row{"the gap", {nights, lunch}, utc(friday, 10h), {}}));

INSTANTIATE_TEST_SUITE_P(
    Dates, Windows,
    testing::Values(
        Row{"the day before", {holidays}, utc(2026y / December / 23, 22h), {}},
        Row{"the first",
            {holidays},
            utc(2026y / December / 23, 23h),
            utc(2027y / January / 1, 23h)},
        Row{"the last", {holidays}, utc(2027y / January / 1, 22h), utc(2027y / January / 1, 23h)},
        Row{"the day after", {holidays}, utc(2027y / January / 1, 23h), {}},
        Row{"the last night ends on the day after",
            {dated(nights, friday, friday)},
            utc(saturday, 6h),
            utc(saturday, 7h)},
        Row{"a day of the dates that is none of the week's",
            {dated(lunch, friday, monday)},
            utc(saturday, 11h),
            {}}));

// In Berlin clocks go from 2:00 to 3:00 at 1:00 UTC in spring, from 3:00 to 2:00 in autumn.
INSTANTIATE_TEST_SUITE_P(ClocksAreSet, Windows,
                         testing::Values(Row{"forward: a night is an hour shorter",
                                             {window(berlin, "mtwtfss", 22h, 6h)},
                                             utc(spring, 0h),
                                             utc(spring, 4h)},
                                         Row{"forward: it opens at a time that is left out",
                                             {window(berlin, "mtwtfss", 2h + 30min, 4h)},
                                             utc(spring, 1h),
                                             utc(spring, 2h)},
                                         Row{"forward: not before",
                                             {window(berlin, "mtwtfss", 2h + 30min, 4h)},
                                             utc(spring, 1h) - 1s,
                                             {}},
                                         Row{"forward: it closes at a time that is left out",
                                             {window(berlin, "mtwtfss", 1h, 2h + 30min)},
                                             utc(spring, 1h) - 1s,
                                             utc(spring, 1h)},
                                         Row{"forward: all of it is left out",
                                             {window(berlin, "mtwtfss", 2h, 3h)},
                                             utc(spring, 1h),
                                             {}},
                                         Row{"back: a night is an hour longer",
                                             {window(berlin, "mtwtfss", 22h, 6h)},
                                             utc(autumn, 0h),
                                             utc(autumn, 5h)},
                                         Row{"back: it opens when the time comes first",
                                             {window(berlin, "mtwtfss", 2h + 30min, 4h)},
                                             utc(autumn, 30min),
                                             utc(autumn, 3h)},
                                         Row{"back: it closes when the time comes last",
                                             {window(berlin, "mtwtfss", 1h, 2h + 30min)},
                                             utc(autumn, 1h),
                                             utc(autumn, 1h + 30min)}));

TEST(Freeze, WithoutAnEndSaysSo) {
  const auto freeze = freeze_at({all_day}, utc(friday, 12h));
  ASSERT_TRUE(freeze.has_value());
  EXPECT_EQ(freeze->until, std::nullopt);
  EXPECT_EQ(text_of(*freeze), "freeze window w, for more than a year");
}

TEST(Freeze, TellsItsEndAsItsClocksShowIt) {
  auto named = nights;
  named.name = "nights";
  EXPECT_EQ(text_of(*freeze_at({named}, utc(friday, 3h))),
            "freeze window nights until 2026-11-27 08:00 Europe/Berlin");
}

/// Hour by hour through a year with both changes of the clocks: what is open closes when it
/// says, and not before.
TEST(Freeze, IsOpenUntilItsEndAndNotAfter) {
  const std::vector<FreezeWindow> windows{nights, weekend, lunch, holidays};
  int open = 0;
  for (auto now = utc(2026y / January / 1, 0h); now < utc(2027y / January / 1, 0h); now += 1h) {
    const auto freeze = freeze_at(windows, now);
    if (!freeze) continue;
    ++open;
    ASSERT_TRUE(freeze->until.has_value());
    ASSERT_GT(*freeze->until, now);
    ASSERT_TRUE(freeze_at(windows, *freeze->until - 1ms).has_value());
    ASSERT_FALSE(freeze_at(windows, *freeze->until).has_value());
  }
  EXPECT_GT(open, 4'000);
}

}  // namespace
}  // namespace weir::rollout
