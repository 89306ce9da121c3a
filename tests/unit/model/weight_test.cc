#include "model/weight.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Weight, TakesBasisPointsUpToTheWhole) {
  EXPECT_EQ(Weight::from_basis_points(0), Weight::none());
  EXPECT_EQ(Weight::from_basis_points(10'000), Weight::all());
  EXPECT_EQ(Weight::from_basis_points(10'001), std::nullopt);
  EXPECT_EQ(Weight::from_basis_points(0xffff'ffff), std::nullopt);
}

TEST(Weight, OrdersByShare) {
  EXPECT_LT(Weight::percent(5), Weight::percent(25));
  EXPECT_DOUBLE_EQ(Weight::percent(25).ratio(), 0.25);
}

struct Reading {
  std::string_view text;
  std::optional<std::uint32_t> basis_points;
};

void PrintTo(const Reading& reading, std::ostream* out) { *out << reading.text; }

class PercentText : public testing::TestWithParam<Reading> {};

TEST_P(PercentText, IsReadExactlyOrNotAtAll) {
  const auto weight = weight_from_percent(GetParam().text);
  ASSERT_EQ(weight.has_value(), GetParam().basis_points.has_value());
  if (weight) {
    EXPECT_EQ(weight->basis_points(), *GetParam().basis_points);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, PercentText,
                         testing::Values(Reading{"5%", 500}, Reading{"5", 500},
                                         Reading{"0.25%", 25}, Reading{"12.5", 1250},
                                         Reading{"0.01%", 1}, Reading{"0%", 0},
                                         Reading{"100%", 10'000}, Reading{"99.99", 9'999},
                                         Reading{"0.001%", {}}, Reading{"100.01%", {}},
                                         Reading{"101%", {}}, Reading{"-1%", {}}, Reading{"", {}},
                                         Reading{"%", {}}, Reading{"5%%", {}}, Reading{"5 %", {}},
                                         Reading{"nan", {}}, Reading{"inf", {}}, Reading{"1e1", {}},
                                         Reading{"+5", {}}, Reading{"five", {}}));

TEST(Weight, EveryWeightSurvivesItsText) {
  for (std::uint32_t points = 0; points <= Weight::whole; ++points) {
    const auto weight = *Weight::from_basis_points(points);
    ASSERT_EQ(weight_from_percent(percent_text(weight)), weight) << percent_text(weight);
  }
}

TEST(Weight, IsWrittenWithoutNeedlessDigits) {
  EXPECT_EQ(percent_text(Weight::percent(5)), "5%");
  EXPECT_EQ(percent_text(*Weight::from_basis_points(1'250)), "12.5%");
  EXPECT_EQ(percent_text(*Weight::from_basis_points(5)), "0.05%");
}

}  // namespace
}  // namespace weir
