#include "settings/amounts.h"

#include <gtest/gtest.h>

namespace weir::settings {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(parse_duration("250ms"), Milliseconds{250});
  EXPECT_EQ(parse_duration("1.5s"), Milliseconds{1'500});
  EXPECT_EQ(parse_duration("0.001s"), Milliseconds{1});
  EXPECT_EQ(parse_duration("2m"), minutes{2});
  EXPECT_EQ(parse_duration("1h"), hours{1});
  EXPECT_EQ(parse_duration("0"), seconds{0});
  EXPECT_EQ(parse_duration("0s"), seconds{0});
}

TEST(Duration, IsNothingElse) {
  for (const auto* text :
       {"", "s", "10", "1.5ms", "-1s", "+1s", "1 s", "1s ", "1S", "1d", "1.s", ".5s", "1..5s",
        "1e3s", "nan", "infs", "99999999999999999999h", "1s1s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Size, IsBytesWithOrWithoutAUnit) {
  EXPECT_EQ(parse_size("8192"), 8'192u);
  EXPECT_EQ(parse_size("8192B"), 8'192u);
  EXPECT_EQ(parse_size("8KiB"), 8'192u);
  EXPECT_EQ(parse_size("64KB"), 64'000u);
  EXPECT_EQ(parse_size("1.5MiB"), 1'572'864u);
  EXPECT_EQ(parse_size("2GiB"), std::uint64_t{2} << 30);
  EXPECT_EQ(parse_size("3GB"), 3'000'000'000u);
  EXPECT_EQ(parse_size("1MB"), 1'000'000u);
}

TEST(Size, IsNothingElse) {
  for (const auto* text : {"", "KiB", "8kib", "8 KiB", "0.3B", "-1", "1e3", "0x10", "8Ki", "8K"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Share, AlwaysHasItsSign) {
  EXPECT_EQ(parse_share("5%"), Weight::percent(5));
  EXPECT_EQ(parse_share("0.25%"), Weight::from_basis_points(25));
  for (const auto* text : {"", "%", "5", "0.05", "101%", "-0%", "0.001%", "nan%"}) {
    EXPECT_EQ(parse_share(text), std::nullopt) << text;
  }
}

TEST(Count, IsDigits) {
  EXPECT_EQ(parse_count("18446744073709551615"), 0xffff'ffff'ffff'ffff);
  for (const auto* text : {"", "-1", "+1", "1.0", "0x1", "1 ", "18446744073709551616"}) {
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
  }
}

TEST(Decimal, HasAtMostOnePoint) {
  EXPECT_EQ(parse_decimal("1.5"), 1.5);
  EXPECT_EQ(parse_decimal("2"), 2.0);
  for (const auto* text : {"", "1.", ".5", "1.5.5", "1e1", "-1", "inf", "nan"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
}

TEST(Flag, KnowsTwoWords) {
  EXPECT_EQ(parse_flag("true"), true);
  EXPECT_EQ(parse_flag("false"), false);
  for (const auto* text : {"", "yes", "no", "on", "off", "y", "n", "True", "1", "0"}) {
    EXPECT_EQ(parse_flag(text), std::nullopt) << text;
  }
}

TEST(Range, IsASpanOrSeveral) {
  EXPECT_TRUE(within("1s to 1h", &parse_duration, Milliseconds{1'000}));
  EXPECT_TRUE(within("1s to 1h", &parse_duration, Milliseconds{3'600'000}));
  EXPECT_FALSE(within("1s to 1h", &parse_duration, Milliseconds{999}));
  EXPECT_FALSE(within("1s to 1h", &parse_duration, Milliseconds{3'600'001}));
  EXPECT_TRUE(within("0s or 1s to 1h", &parse_duration, Milliseconds{0}));
  EXPECT_FALSE(within("0s or 1s to 1h", &parse_duration, Milliseconds{1}));
  EXPECT_TRUE(within<std::uint64_t>("0 or 5 or 7", &parse_count, 7));
  EXPECT_FALSE(within<std::uint64_t>("0 or 5 or 7", &parse_count, 6));
}

}  // namespace
}  // namespace weir::settings
