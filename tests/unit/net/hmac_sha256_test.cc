#include "net/hmac_sha256.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace weir::net {
namespace {

std::string hex(const std::optional<HmacSha256::Digest>& digest) {
  if (!digest) return "none";
  std::string text;
  for (const auto octet : *digest) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", octet);
    text += digits.data();
  }
  return text;
}

// RFC 4231 §4.2, §4.3 and §4.7: the last secret is longer than a block.
TEST(HmacSha256, IsWhatTheStandardSays) {
  EXPECT_EQ(hex(HmacSha256(std::string(20, '\x0b')).of({"Hi There"})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(HmacSha256("Jefe").of({"what do ya want for nothing?"})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(HmacSha256(std::string(131, '\xaa'))
                    .of({"Test Using Larger Than Block-Size Key - Hash Key First"})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, BeginsAnewEachTimeAndTakesPartsAsOne) {
  HmacSha256 hmac("Jefe");
  const auto whole = hmac.of({"what do ya want for nothing?"});
  EXPECT_NE(hmac.of({"something else"}), whole);
  EXPECT_EQ(hmac.of({"what do ya ", "", "want for nothing?"}), whole);
}

}  // namespace
}  // namespace weir::net
