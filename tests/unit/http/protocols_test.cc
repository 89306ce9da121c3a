#include "http/protocols.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(Protocols, OnlyListsOfTokensMayBeOffered) {
  for (const auto* good : {"websocket", "irc/6.9", "websocket, irc/6.9", " a ,b", "h2"}) {
    EXPECT_TRUE(is_valid_offer(good)) << good;
  }
  for (const auto* bad : {"", ",", "a,", ",a", "a,,b", "web socket", "irc/", "/1", "a/b/c", "a;q=1",
                          "h2c", "H2C", "websocket, h2c", "h2c,websocket", "\"a\"", "a\x80"}) {
    EXPECT_FALSE(is_valid_offer(bad)) << bad;
  }
}

TEST(Protocols, AreOfferedByTheirWholeName) {
  EXPECT_TRUE(offers("websocket", "WebSocket"));
  EXPECT_TRUE(offers("a, irc/6.9 ,b", "irc/6.9"));
  EXPECT_FALSE(offers("websocket", "web"));
  EXPECT_FALSE(offers("irc/6.9", "irc"));
  EXPECT_FALSE(offers("a, b", "a, b"));
  EXPECT_FALSE(offers("a", ""));
  EXPECT_FALSE(offers("", ""));
}

TEST(Protocols, AreWrittenAnew) {
  std::string out = "Host: a\r\n";
  append_offer(" websocket,\tirc/6.9 ", out);
  EXPECT_EQ(out, "Host: a\r\nUpgrade: websocket, irc/6.9\r\n");
}

}  // namespace
}  // namespace weir::http
