#include "model/ip_address.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
Cidr block(std::string_view text) { return Cidr::parse(text).value(); }

TEST(IpAddress, IsWrittenAsItWasRead) {
  for (const std::string text :
       {"0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2:3:4"}) {
    EXPECT_EQ(address(text).text(), text);
  }
}

TEST(IpAddress, HoldsIpv4AsMappedIpv6) {
  EXPECT_EQ(address("::ffff:10.1.2.3"), address("10.1.2.3"));
  EXPECT_TRUE(address("::ffff:10.1.2.3").is_v4());
  EXPECT_FALSE(address("::1").is_v4());
  EXPECT_NE(address("::10.1.2.3"), address("10.1.2.3"));
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const std::string_view text :
       {"", "10.1.2", "10.1.2.256", "10.1.2.3.4", "10.1.2.3:80", "[::1]", "fe80::1%eth0", "::g",
        "1:2:3:4:5:6:7:8:9", "localhost", " 10.1.2.3", "10.1.2.3 ",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
    EXPECT_EQ(IpAddress::parse(text), std::nullopt) << text;
  }
}

struct Membership {
  std::string_view block, address;
  bool inside;
};

class Containment : public testing::TestWithParam<Membership> {};

TEST_P(Containment, FollowsThePrefix) {
  const auto& [outer, inner, inside] = GetParam();
  EXPECT_EQ(block(outer).contains(address(inner)), inside) << outer << " " << inner;
}

INSTANTIATE_TEST_SUITE_P(Rules, Containment,
                         testing::Values(Membership{"35.191.0.0/16", "35.191.255.255", true},
                                         Membership{"35.191.0.0/16", "35.192.0.0", false},
                                         Membership{"130.211.0.0/22", "130.211.3.255", true},
                                         Membership{"130.211.0.0/22", "130.211.4.0", false},
                                         Membership{"10.0.0.1", "10.0.0.1", true},
                                         Membership{"10.0.0.1", "10.0.0.2", false},
                                         Membership{"10.1.2.3/8", "10.9.9.9", true},
                                         Membership{"0.0.0.0/0", "255.0.0.1", true},
                                         Membership{"0.0.0.0/0", "::1", false},
                                         Membership{"::/0", "10.0.0.1", true},
                                         Membership{"2001:db8::/33", "2001:db8:7fff::1", true},
                                         Membership{"2001:db8::/33", "2001:db8:8000::1", false},
                                         Membership{"10.0.0.0/8", "::ffff:10.1.1.1", true}));

TEST(Cidr, RefusesWhatIsNoBlock) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                                      "10.0.0.0/8x", "10.0.0.0/8/8", "::/129", "nowhere/8"}) {
    EXPECT_EQ(Cidr::parse(text), std::nullopt) << text;
  }
}

/// Walking down from /0, a block contains its base and loses the address whose bit differs
/// exactly where the prefix reaches that bit.
TEST(Cidr, EveryPrefixLengthDecidesByItsLastBit) {
  const auto base = address("10.170.85.204");
  for (unsigned bits = 1; bits <= 32; ++bits) {
    const auto bounded = block(base.text() + "/" + std::to_string(bits));
    auto flipped = base;
    const unsigned bit = 96 + bits - 1;
    flipped.bytes[bit / 8] = static_cast<std::uint8_t>(flipped.bytes[bit / 8] ^ (0x80u >> bit % 8));
    EXPECT_TRUE(bounded.contains(base)) << bits;
    EXPECT_FALSE(bounded.contains(flipped)) << bits;
    EXPECT_EQ(bounded.prefix_bits(), bits + 96);
  }
}

TEST(Cidr, AnyOfSeveralBlocksWillDo) {
  const std::vector<Cidr> blocks{block("10.0.0.0/8"), block("::1")};
  EXPECT_TRUE(contains(blocks, address("::1")));
  EXPECT_FALSE(contains(blocks, address("11.0.0.1")));
  EXPECT_FALSE(contains({}, address("10.0.0.1")));
}

}  // namespace
}  // namespace weir
