#include "rollout_loop/signature.h"

#include <gtest/gtest.h>

namespace weir::rollout_loop {
namespace {

// printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
TEST(Signature, IsHmacSha256OverTheTimeAndTheBody) {
  EXPECT_EQ(signature_of("whsec_test", 1'700'000'000, R"({"a":1})"),
            "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789");
}

TEST(Signature, DependsOnSecretTimeAndBody) {
  const auto one = signature_of("secret", 1, "body");
  EXPECT_NE(one.substr(one.find(',')), signature_of("secre", 1, "body").substr(3));
  EXPECT_NE(one.substr(one.find(',')), signature_of("secret", 2, "body").substr(3));
  EXPECT_NE(one.substr(one.find(',')), signature_of("secret", 1, "bodY").substr(3));
}

}  // namespace
}  // namespace weir::rollout_loop
