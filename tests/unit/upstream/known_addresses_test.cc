#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "upstream/discovery.h"

namespace weir::upstream {
namespace {

std::vector<IpAddress> addresses(std::initializer_list<std::string_view> texts) {
  std::vector<IpAddress> parsed;
  for (const auto text : texts) parsed.push_back(*IpAddress::parse(text));
  return parsed;
}

Resolution answer(std::initializer_list<std::string_view> texts) { return {{}, addresses(texts)}; }

const Resolution not_found{boost::asio::error::host_not_found, {}};

TEST(KnownAddresses, AreSortedAndEachOnceWhateverTheOrderOfTheAnswer) {
  KnownAddresses known;
  EXPECT_TRUE(known.learn(answer({"10.0.0.2", "2001:db8::1", "10.0.0.1", "10.0.0.2"})));
  EXPECT_EQ(known.addresses(), addresses({"10.0.0.1", "10.0.0.2", "2001:db8::1"}));
  EXPECT_FALSE(known.learn(answer({"2001:db8::1", "10.0.0.1", "10.0.0.2"})));
}

TEST(KnownAddresses, KeepTheLastGoodAnswerWhenLookupsFail) {
  struct Case {
    Resolution resolution;
    bool changed, failing;
    std::vector<IpAddress> expected;
  };
  const Case lookups[] = {
      {not_found, false, true, {}},
      {answer({"10.0.0.1"}), true, false, addresses({"10.0.0.1"})},
      {not_found, false, true, addresses({"10.0.0.1"})},
      {answer({}), false, true, addresses({"10.0.0.1"})},
      {{boost::asio::error::host_not_found_try_again, addresses({"10.0.0.9"})},
       false,
       true,
       addresses({"10.0.0.1"})},
      {answer({"10.0.0.1"}), false, false, addresses({"10.0.0.1"})},
      {answer({"10.0.0.3"}), true, false, addresses({"10.0.0.3"})},
  };
  KnownAddresses known;
  for (const auto& [resolution, changed, failing, expected] : lookups) {
    EXPECT_EQ(known.learn(resolution), changed);
    EXPECT_EQ(known.failing(), failing);
    EXPECT_EQ(known.addresses(), expected);
  }
}

TEST(KnownAddresses, OfALiteralAreThereAtOnce) {
  EXPECT_EQ(KnownAddresses(*IpAddress::parse("::1")).addresses(), addresses({"::1"}));
}

}  // namespace
}  // namespace weir::upstream
