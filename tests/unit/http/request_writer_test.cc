#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/head_writer.h"

namespace weir::http {
namespace {

const WireLimits limits;
const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

ForwardedFacts facts(bool trusted) {
  return {.client_text = trusted ? "203.0.113.9" : "198.51.100.1",
          .peer_text = "198.51.100.1",
          .peer_trusted = trusted,
          .scheme = "http",
          .request_id = "ours",
          .traceparent = "00-11111111111111111111111111111111-2222222222222222-00"};
}

/// The head that goes to the pool, read again.
struct Sent {
  std::string bytes;
  RequestHead head;

  std::vector<std::string> values(std::string_view name) const {
    std::vector<std::string> found;
    for (const Field& field : head.fields) {
      if (equal_names(field.name, name)) found.emplace_back(field.value);
    }
    return found;
  }
};

using Values = std::vector<std::string>;

Sent sent(const std::string& head_bytes, const ForwardedFacts& given) {
  RequestHead head;
  EXPECT_EQ(parse_request_head(head_bytes, limits, head), Fault::none) << head_bytes;
  Sent result;
  write_request_head(head, given, result.bytes);
  EXPECT_EQ(parse_request_head(result.bytes, limits, result.head), Fault::none) << result.bytes;
  return result;
}

Sent sent_with(const std::string& field_lines, bool trusted = false) {
  return sent("POST /x?y HTTP/1.1\r\nHost: shop.example\r\n" + field_lines + "\r\n",
              facts(trusted));
}

TEST(RequestWriter, WritesTheWholeHead) {
  EXPECT_EQ(sent_with("Content-Length: 5\r\nAccept: */*\r\nConnection: close\r\n").bytes,
            "POST /x?y HTTP/1.1\r\n"
            "Host: shop.example\r\n"
            "Accept: */*\r\n"
            "Via: 1.1 weir\r\n"
            "X-Forwarded-For: 198.51.100.1\r\n"
            "X-Forwarded-Proto: http\r\n"
            "X-Forwarded-Host: shop.example\r\n"
            "X-Request-Id: ours\r\n"
            "traceparent: 00-11111111111111111111111111111111-2222222222222222-00\r\n"
            "Content-Length: 5\r\n"
            "\r\n");
}

/// Neighbours that stand as they are sent go in one piece; whatever is between them must not.
TEST(RequestWriter, SpacesEveryFieldTheSameWhereverItStands) {
  const std::vector<std::string> spellings{"A: 1", "A:1", "A:\t1", "A:  1", "A: 1 ", "A: 1\t"};
  const std::string plain = "P: 1\r\nQ: 2\r\n", gone = "TE: trailers\r\n";
  for (const auto& spelling : spellings) {
    const std::string line = spelling + "\r\n";
    for (const auto& lines : {line + plain, plain + line, plain + gone + line + gone + plain,
                              line + gone + line + plain + gone + line}) {
      std::string expected;
      for (std::string_view rest = lines; !rest.empty();) {
        const auto end = rest.find("\r\n") + 2;
        const auto one = rest.substr(0, end);
        if (one == line) expected.append("A: 1\r\n");
        if (one != line && one != gone) expected.append(one);
        rest.remove_prefix(end);
      }
      EXPECT_NE(sent_with(lines).bytes.find("shop.example\r\n" + expected + "Via: "),
                std::string::npos)
          << lines << " became " << sent_with(lines).bytes;
    }
  }
  EXPECT_NE(sent_with("E:\r\nF: \r\nG: 1\r\n").bytes.find("E: \r\nF: \r\nG: 1\r\nVia"),
            std::string::npos);
}

TEST(RequestWriter, StripsWhatIsMeantForThisHopAlone) {
  const Sent result = sent_with(
      "Connection: close, X-Hop\r\nConnection: x-other\r\nX-Hop: 1\r\nX-OTHER: 2\r\n"
      "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nTrailer: A\r\n"
      "Upgrade: h2c\r\nHTTP2-Settings: AAA\r\nForwarded: for=1.2.3.4\r\nKept: yes\r\n"
      "Transfer-Encoding: chunked\r\n");
  for (const std::string_view gone :
       {"Connection", "X-Hop", "X-Other", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Upgrade", "HTTP2-Settings", "Forwarded"}) {
    EXPECT_TRUE(result.values(gone).empty()) << gone;
  }
  EXPECT_EQ(result.values("Kept"), Values{"yes"});
  EXPECT_EQ(result.values("Transfer-Encoding"), Values{"chunked"});
}

TEST(RequestWriter, NobodyCanTalkAwayWhatThePoolReliesOn) {
  const Sent result = sent_with(
      "Connection: Host, Content-Length, Authorization, Cookie, Via, X-Forwarded-For,"
      " X-Forwarded-Proto, X-Forwarded-Host, X-Request-Id, traceparent, X-Real-IP\r\n"
      "Content-Length: 5\r\nAuthorization: Basic x\r\nCookie: a=b\r\nVia: 1.1 lb\r\n"
      "X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n",
      true);
  EXPECT_EQ(result.values("Host"), Values{"shop.example"});
  EXPECT_EQ(result.values("Content-Length"), Values{"5"});
  EXPECT_EQ(result.values("Authorization"), Values{"Basic x"});
  EXPECT_EQ(result.values("Cookie"), Values{"a=b"});
  EXPECT_EQ(result.values("Via"), (Values{"1.1 lb", "1.1 weir"}));
  EXPECT_EQ(result.values("X-Forwarded-For"), Values{"203.0.113.9, 198.51.100.1"});
  EXPECT_EQ(result.values("X-Forwarded-Proto"), Values{"http"});
  EXPECT_EQ(result.values("X-Request-Id"), Values{"ours"});
  EXPECT_EQ(result.values("X-Real-IP"), Values{"203.0.113.9"});
}

TEST(RequestWriter, DropsNamesThatReadAsOursToThePool) {
  for (const std::string name :
       {"X_Forwarded_For", "X-Forwarded_Proto", "x.forwarded.host", "X_Forwarded-Anything",
        "Content_Length", "Transfer_Encoding", "X_Request_Id", "X_Real_IP", "Set_Cookie"}) {
    EXPECT_TRUE(sent_with(name + ": 1\r\n", true).values(name).empty()) << name;
  }
  EXPECT_EQ(sent_with("My_Own.Name: 1\r\n").values("My_Own.Name"), Values{"1"});
}

TEST(RequestWriter, BelievesOnlyTrustedPeers) {
  const std::string claims =
      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9, 35.191.0.1\r\n"
      "X-Forwarded-Proto: https\r\nX-Forwarded-Host: real.example\r\nX-Forwarded-Port: 443\r\n";
  const Sent trusted = sent_with(claims, true);
  EXPECT_EQ(trusted.values("X-Forwarded-For"),
            Values{"6.6.6.6, 203.0.113.9, 35.191.0.1, 198.51.100.1"});
  EXPECT_EQ(trusted.values("X-Forwarded-Proto"), Values{"https"});
  EXPECT_EQ(trusted.values("X-Forwarded-Host"), Values{"real.example"});
  EXPECT_EQ(trusted.values("X-Forwarded-Port"), Values{"443"});
  const Sent untrusted = sent_with(claims, false);
  EXPECT_EQ(untrusted.values("X-Forwarded-For"), Values{"198.51.100.1"});
  EXPECT_EQ(untrusted.values("X-Forwarded-Proto"), Values{"http"});
  EXPECT_EQ(untrusted.values("X-Forwarded-Host"), Values{"shop.example"});
  EXPECT_EQ(untrusted.values("X-Forwarded-Port"), Values{});
}

TEST(RequestWriter, ReplacesInvalidClaimsOfTrustedPeers) {
  for (const std::string claim :
       {"X-Forwarded-Proto: gopher\r\n", "X-Forwarded-Proto: https, http\r\n",
        "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: https\r\n"}) {
    EXPECT_EQ(sent_with(claim, true).values("X-Forwarded-Proto"), Values{"http"}) << claim;
  }
  for (const std::string claim :
       {"X-Forwarded-Host: a, b\r\n", "X-Forwarded-Host: u@a\r\n",
        "X-Forwarded-Host: a\r\nX-Forwarded-Host: b\r\n", "X-Forwarded-Host:\r\n"}) {
    EXPECT_EQ(sent_with(claim, true).values("X-Forwarded-Host"), Values{"shop.example"}) << claim;
  }
}

TEST(RequestWriter, PassesOneValidIdAndTraceElseItsOwn) {
  const Sent passed =
      sent_with("X-Request-Id: abc-1\r\ntraceparent: " + trace + "\r\ntracestate: v=1\r\n");
  EXPECT_EQ(passed.values("X-Request-Id"), Values{"abc-1"});
  EXPECT_EQ(passed.values("traceparent"), Values{trace});
  EXPECT_EQ(passed.values("tracestate"), Values{"v=1"});
  const Sent replaced =
      sent_with("X-Request-Id: a b\r\ntraceparent: 00-0-0-0\r\ntracestate: v=1\r\n");
  EXPECT_EQ(replaced.values("X-Request-Id"), Values{"ours"});
  EXPECT_EQ(replaced.values("traceparent").size(), 1U);
  EXPECT_NE(replaced.values("traceparent"), Values{"00-0-0-0"});
  EXPECT_EQ(replaced.values("tracestate"), Values{});
  EXPECT_EQ(sent_with("X-Request-Id: a\r\nX-Request-Id: b\r\n").values("X-Request-Id"),
            Values{"ours"});
}

TEST(RequestWriter, KeepsTheExpectationOnlyWhereABodyIsAwaited) {
  EXPECT_EQ(sent_with("Expect: 100-continue\r\nContent-Length: 5\r\n").values("Expect"),
            Values{"100-continue"});
  EXPECT_EQ(sent_with("Expect: 100-continue\r\n").values("Expect"), Values{});
}

TEST(RequestWriter, CountsTheHopsOfOptionsAndTraceDown) {
  const auto hops = [](const std::string& method, const std::string& lines) {
    return sent(method + " /x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n", facts(false))
        .values("Max-Forwards");
  };
  EXPECT_EQ(hops("OPTIONS", "Max-Forwards: 10\r\n"), Values{"9"});
  EXPECT_EQ(hops("TRACE", "max-forwards: 0002\r\n"), Values{"1"});
  EXPECT_EQ(hops("OPTIONS", "Max-Forwards: 99999999999999999999\r\n"), Values{"999999998"});
  EXPECT_EQ(hops("OPTIONS", "Connection: Max-Forwards\r\nMax-Forwards: 2\r\n"), Values{"1"});
  EXPECT_EQ(hops("OPTIONS", ""), Values{});
  EXPECT_EQ(hops("GET", "Max-Forwards: 0\r\n"), Values{"0"});
}

TEST(RequestWriter, AsksForAnUpgradeOnlyWhereAllowed) {
  const std::string wish =
      "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  ForwardedFacts allowed = facts(false);
  EXPECT_EQ(sent(wish, allowed).values("Upgrade"), Values{});
  allowed.upgrade = true;
  EXPECT_EQ(sent(wish, allowed).values("Upgrade"), Values{"websocket"});
  EXPECT_EQ(sent(wish, allowed).values("Connection"), Values{"upgrade"});
}

TEST(RequestWriter, SpeaksHttp11ForClientsOfHttp10) {
  const Sent result = sent("GET / HTTP/1.0\r\n\r\n", facts(false));
  EXPECT_EQ(result.head.minor, 1);
  EXPECT_EQ(result.head.host, "localhost");
  EXPECT_EQ(result.values("Via"), Values{"1.0 weir"});
  EXPECT_EQ(result.values("X-Forwarded-Host"), Values{});
}

TEST(RequestWriter, NobodyButWeirCallsARequestACopy) {
  for (const auto* line : {"X-Weir-Mirrored: 1\r\n", "x_weir_mirrored: 1\r\n"}) {
    for (const bool trusted : {false, true}) {
      const auto bytes = sent_with(line, trusted).bytes;
      EXPECT_EQ(bytes.find("irrored"), std::string::npos) << bytes;
    }
  }
}

TEST(RequestWriter, ACopyIsTheSameHeadAndSaysThatItIsOne) {
  const auto original = sent_with("Accept: */*\r\nCookie: a=b\r\n").bytes;
  EXPECT_EQ(copy_of_head(original),
            original.substr(0, original.size() - 2) + "X-Weir-Mirrored: 1\r\n\r\n");
}

TEST(RequestWriter, ReplacesWhatTheStringHeld) {
  RequestHead head;
  ASSERT_EQ(parse_request_head("GET / HTTP/1.0\r\n\r\n", limits, head), Fault::none);
  std::string out = "left over";
  write_request_head(head, facts(false), out);
  EXPECT_TRUE(out.starts_with("GET / HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace weir::http
