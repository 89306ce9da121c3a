#include <gtest/gtest.h>

#include <string>

#include "http/head_writer.h"

namespace weir::http {
namespace {

const WireLimits limits;

std::string sent(const std::string& bytes, const ResponseFacts& facts = {},
                 Method method = Method::get) {
  ResponseHead head;
  EXPECT_EQ(parse_response_head(bytes, limits, method, head), Fault::none) << bytes;
  std::string out = "left over";
  write_response_head(head, outgoing_framing(head.body, facts.client_http10), facts, out);
  return out;
}

TEST(ResponseWriter, WritesTheWholeHead) {
  EXPECT_EQ(sent("HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nServer: app\r\n"
                 "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=1\r\n"
                 "Trailer: A\r\nSet-Cookie: a=b\r\nX-Weir-Version: blue\r\n\r\n",
                 {.version_name = "green", .set_cookie = "weir_key=1; Path=/"}),
            "HTTP/1.1 200 Fine\r\n"
            "Server: app\r\n"
            "Set-Cookie: a=b\r\n"
            "Via: 1.1 weir\r\n"
            "X-Weir-Version: green\r\n"
            "Set-Cookie: weir_key=1; Path=/\r\n"
            "Content-Length: 5\r\n"
            "\r\n");
}

TEST(ResponseWriter, FramesTheBodyForTheClientAtHand) {
  struct Case {
    std::string_view fields;
    bool client_http10;
    std::string_view expected;
  };
  for (const Case& each : {
           Case{"Content-Length: 5\r\n", false, "Content-Length: 5\r\n"},
           {"Content-Length: 0\r\n", false, "Content-Length: 0\r\n"},
           {"Content-Length: 5\r\n", true, "Connection: keep-alive\r\nContent-Length: 5\r\n"},
           {"Transfer-Encoding: chunked\r\n", false, "Transfer-Encoding: chunked\r\n"},
           {"Transfer-Encoding: chunked\r\n", true, "Connection: close\r\n"},
           {"", false, "Transfer-Encoding: chunked\r\n"},
           {"", true, "Connection: close\r\n"},
       }) {
    const std::string bytes = "HTTP/1.1 200 OK\r\n" + std::string(each.fields) + "\r\n";
    EXPECT_EQ(sent(bytes, {.client_http10 = each.client_http10}),
              "HTTP/1.1 200 OK\r\nVia: 1.1 weir\r\n" + std::string(each.expected) + "\r\n");
  }
}

TEST(ResponseWriter, SaysCloseWhenTheConnectionEnds) {
  EXPECT_EQ(sent("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", {.close = true}),
            "HTTP/1.1 200 OK\r\nVia: 1.0 weir\r\nConnection: close\r\nContent-Length: 1\r\n\r\n");
}

TEST(ResponseWriter, KeepsTheLengthOfABodyThatIsNotSent) {
  const std::string length = "Content-Length: 5\r\n";
  const auto keeps = [&](const std::string& line, Method method) {
    return sent(line + "\r\n" + length + "\r\n", {}, method).find(length) != std::string::npos;
  };
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK", Method::head));
  EXPECT_TRUE(keeps("HTTP/1.1 304 Not Modified", Method::get));
  EXPECT_FALSE(keeps("HTTP/1.1 204 No Content", Method::get));
}

TEST(ResponseWriter, PassesInterimHeadsWithoutFactsOrConnection) {
  EXPECT_EQ(sent("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                 {.close = true, .version_name = "blue", .set_cookie = "a=b"}),
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nVia: 1.1 weir\r\n\r\n");
}

TEST(ResponseWriter, PassesASwitchOfProtocols) {
  EXPECT_EQ(sent("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                 "Upgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n"),
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nVia: 1.1 weir\r\n"
            "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n");
}

TEST(ResponseWriter, NominationCannotTouchCookiesOrFraming) {
  EXPECT_EQ(sent("HTTP/1.1 200 OK\r\nConnection: Set-Cookie, Content-Length, Via, A\r\n"
                 "Set-Cookie: a=b\r\nContent-Length: 5\r\nVia: 1.1 app\r\nA: b\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nVia: 1.1 app\r\nVia: 1.1 weir\r\n"
            "Content-Length: 5\r\n\r\n");
}

}  // namespace
}  // namespace weir::http
