#include "forwarding/sticky_seal.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::forwarding {
namespace {

const std::string cookie = "weir_key", key = "00112233445566778899aabbccddeeff";

std::string sealed(const std::string& secret, const std::string& text = key,
                   const std::string& name = cookie) {
  StickySeal seal({secret, {}});
  return text + '.' + std::string(seal.sign(name, text).value().view());
}

std::string opened(const net::StickySecret& secret, const std::string& value) {
  StickySeal seal(secret);
  return std::string(seal.open(cookie, value).value_or("refused"));
}

// Part of the contract between replicas and releases: computed by Python's hmac.
TEST(StickySeal, SignsTheSameForever) {
  EXPECT_EQ(sealed("a secret"), key + ".7cbf0f9725d74ca73b1eb916bfddebf1");
}

TEST(StickySeal, KnowsItsOwnAgain) {
  EXPECT_EQ(opened({"a secret", {}}, sealed("a secret")), key);
  EXPECT_EQ(opened({"a secret", {}}, sealed("a secret", "with.dots.in.it")), "with.dots.in.it");
}

TEST(StickySeal, TakesWhatThePreviousSecretSigned) {
  EXPECT_EQ(opened({"new", "old"}, sealed("old")), key);
  EXPECT_EQ(opened({"new", "old"}, sealed("new")), key);
  EXPECT_EQ(opened({"new", "old"}, sealed("older")), "refused");
  EXPECT_EQ(opened({"new", {}}, sealed("")), "refused") << "no previous one is no empty one";
}

TEST(StickySeal, RefusesEverythingElse) {
  const auto good = sealed("a secret");
  for (const auto& value :
       {std::string(), std::string("."), key, key + ".", '.' + good.substr(key.size() + 1),
        good + '0', good.substr(0, good.size() - 1), good + '.', ' ' + good,
        sealed("another secret"), sealed("a secret", key, "other_key"), good + good}) {
    EXPECT_EQ(opened({"a secret", {}}, value), "refused") << value;
  }
}

TEST(StickySeal, RefusesAnyOtherCharacterAnywhere) {
  const auto good = sealed("a secret");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto forged = good;
    forged[i] = forged[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(opened({"a secret", {}}, forged), "refused") << forged;
  }
}

}  // namespace
}  // namespace weir::forwarding
