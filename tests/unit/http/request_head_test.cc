#include "http/request_head.h"

#include <gtest/gtest.h>

#include "http/head_scanner.h"
#include "request_cases.h"

namespace weir::http {
namespace {

using tests::request_cases;
using tests::RequestCase;
using Progress = HeadScanner::Progress;

const WireLimits limits;

/// The first mistake found in the bytes, by the scanner or in the head it found.
Fault read(HeadScanner& scanner, std::string_view bytes, RequestHead& head) {
  if (scanner.scan(bytes, limits) != Progress::complete) return scanner.fault();
  return parse_request_head(bytes.substr(scanner.start(), scanner.head_size()), limits, head);
}

RequestHead parsed(std::string_view bytes) {
  RequestHead head;
  EXPECT_EQ(parse_request_head(bytes, limits, head), Fault::none) << bytes;
  return head;
}

std::string post_with(const std::string& field_line) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + field_line + "\r\n\r\n";
}

TEST(RequestHead, EveryCaseIsReadAsTheTableSays) {
  ASSERT_GE(request_cases().size(), 120U);
  for (const RequestCase& each : request_cases()) {
    HeadScanner scanner;
    RequestHead head;
    EXPECT_EQ(name_of(read(scanner, each.head, head)), name_of(each.fault))
        << each.head.substr(0, 200);
    if (each.fault == Fault::none) {
      EXPECT_EQ(head.body, each.body) << each.head.substr(0, 200);
    }
  }
}

TEST(RequestHead, EveryCaseIsReadTheSameInTwoPiecesSplitAnywhere) {
  for (const RequestCase& each : request_cases()) {
    const std::string_view bytes = each.head;
    const std::size_t stride = bytes.size() > 4096 ? 61 : 1;
    for (std::size_t split = 0; split < bytes.size(); split += stride) {
      HeadScanner scanner;
      RequestHead head;
      scanner.scan(bytes.substr(0, split), limits);
      ASSERT_EQ(name_of(read(scanner, bytes, head)), name_of(each.fault))
          << split << ": " << bytes.substr(0, 200);
    }
  }
}

TEST(RequestHead, TheParserAloneRefusesWhatTheScannerRefuses) {
  for (const RequestCase& each : request_cases()) {
    if (each.fault == Fault::none || each.head.starts_with("\r\n")) continue;
    RequestHead head;
    EXPECT_NE(parse_request_head(each.head, limits, head), Fault::none) << each.head.substr(0, 200);
  }
}

TEST(RequestHead, EveryPrefixOfAHeadIsRefused) {
  const std::string whole = post_with("Content-Length: 5");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    RequestHead head;
    EXPECT_NE(parse_request_head(whole.substr(0, size), limits, head), Fault::none) << size;
  }
}

TEST(RequestHead, BytesAfterTheEmptyLineAreRefused) {
  RequestHead head;
  EXPECT_NE(parse_request_head(post_with("A: b") + "B: c\r\n\r\n", limits, head), Fault::none);
}

TEST(RequestHead, TellsItsParts) {
  const RequestHead head = parsed("PUT /a/b?c=d HTTP/1.1\r\nHost: A.example:81\r\nX:  y \r\n\r\n");
  EXPECT_EQ(head.method, Method::put);
  EXPECT_EQ(head.method_text, "PUT");
  EXPECT_EQ(head.target, "/a/b?c=d");
  EXPECT_EQ(head.path, "/a/b");
  EXPECT_EQ(head.host, "A.example:81");
  EXPECT_EQ(head.minor, 1);
  ASSERT_EQ(head.fields.size(), 2U);
  EXPECT_EQ(head.fields[1].name, "X");
  EXPECT_EQ(head.fields[1].value, "y");
}

TEST(RequestHead, TurnsAbsoluteFormIntoOriginForm) {
  struct Case {
    std::string_view line, target, path;
  };
  for (const Case& each : {Case{"GET http://h:81/p?q", "/p?q", "/p"},
                           {"GET https://H:81", "/", "/"},
                           {"OPTIONS http://h:81", "*", "/"},
                           {"OPTIONS http://h:81/", "/", "/"}}) {
    const std::string bytes = std::string(each.line) + " HTTP/1.1\r\nHost: h:81\r\n\r\n";
    const RequestHead head = parsed(bytes);
    EXPECT_EQ(head.target, each.target);
    EXPECT_EQ(head.path, each.path);
    EXPECT_EQ(head.host, "h:81");
  }
}

TEST(RequestHead, TakesTheHostOfAnAbsoluteTargetWhereHttp10NamesNone) {
  EXPECT_EQ(parsed("GET http://h/ HTTP/1.0\r\n\r\n").host, "h");
  EXPECT_EQ(parsed("GET / HTTP/1.0\r\n\r\n").host, "");
}

TEST(RequestHead, KeepsAliveAsRfc9112Says) {
  struct Case {
    std::string_view version, connection;
    bool keeps;
  };
  for (const Case& each : {Case{"1.1", "x", true},
                           {"1.1", "close", false},
                           {"1.1", "a, CLOSE ,b", false},
                           {"1.1", "keep-alive, close", false},
                           {"1.1", "closed", true},
                           {"1.0", "x", false},
                           {"1.0", "Keep-Alive", true},
                           {"1.0", "keep-alive, close", false}}) {
    const std::string bytes = "GET / HTTP/" + std::string(each.version) +
                              "\r\nHost: a\r\nConnection: " + std::string(each.connection) +
                              "\r\n\r\n";
    EXPECT_EQ(parsed(bytes).keep_alive, each.keeps) << bytes;
  }
}

TEST(RequestHead, ExpectsAContinueOnlyWithABodyOnHttp11) {
  const std::string expect = "Expect: 100-continue\r\n";
  EXPECT_TRUE(parsed(post_with(expect + "Content-Length: 5")).expect_continue);
  EXPECT_FALSE(parsed(post_with("Expect: 100-continue")).expect_continue);
  EXPECT_FALSE(
      parsed("POST / HTTP/1.0\r\n" + expect + "Content-Length: 5\r\n\r\n").expect_continue);
}

TEST(RequestHead, AsksForAnUpgradeOnlyWhereItIsSafeToGrant) {
  const auto asked = [](const std::string& fields) {
    return parsed("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n").upgrade_requested;
  };
  EXPECT_TRUE(asked("Connection: upgrade\r\nUpgrade: websocket"));
  EXPECT_TRUE(asked("Connection: x, UPGRADE\r\nUpgrade: irc/6.9"));
  EXPECT_TRUE(asked("Connection: upgrade\r\nUpgrade: websocket, irc/6.9"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket,"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: web socket"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: irc/"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 0"));
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
                   .upgrade_requested);
  EXPECT_FALSE(parsed(post_with("Connection: upgrade\r\nUpgrade: websocket")).upgrade_requested);
  EXPECT_FALSE(asked("Upgrade: websocket"));
  EXPECT_FALSE(asked("Connection: upgrade"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: h2c"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket, h2c"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 4"));
  EXPECT_FALSE(asked("Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked"));
}

TEST(RequestHead, RefusesABodyAboveTheLimit) {
  WireLimits small;
  small.body_bytes = 5;
  RequestHead head;
  EXPECT_EQ(parse_request_head(post_with("Content-Length: 5"), small, head), Fault::none);
  EXPECT_EQ(parse_request_head(post_with("Content-Length: 6"), small, head), Fault::body_too_large);
}

TEST(RequestHead, IsReusedWithoutTraceOfTheLastRequest) {
  RequestHead head = parsed(post_with("Content-Length: 5\r\nExpect: 100-continue\r\nB: c"));
  const auto capacity = head.fields.capacity();
  EXPECT_EQ(parse_request_head("GET / HTTP/1.0\r\n\r\n", limits, head), Fault::none);
  EXPECT_EQ(head.body, Body::none);
  EXPECT_EQ(head.content_length, 0U);
  EXPECT_FALSE(head.expect_continue);
  EXPECT_TRUE(head.fields.empty());
  EXPECT_EQ(head.fields.capacity(), capacity);
}

TEST(Method, IsSafeAndIdempotentAsRfc9110Says) {
  struct Case {
    std::string_view name;
    Method method;
    bool safe, idempotent;
  };
  for (const Case& each : {Case{"GET", Method::get, true, true},
                           {"HEAD", Method::head, true, true},
                           {"OPTIONS", Method::options, true, true},
                           {"TRACE", Method::trace, true, true},
                           {"PUT", Method::put, false, true},
                           {"DELETE", Method::del, false, true},
                           {"POST", Method::post, false, false},
                           {"PATCH", Method::patch, false, false},
                           {"CONNECT", Method::connect, false, false},
                           {"Get", Method::other, false, false},
                           {"PROPFIND", Method::other, false, false}}) {
    EXPECT_EQ(method_named(each.name), each.method) << each.name;
    EXPECT_EQ(is_safe(each.method), each.safe) << each.name;
    EXPECT_EQ(is_idempotent(each.method), each.idempotent) << each.name;
  }
}

TEST(RequestHead, TakesTrailersWhereItSaysSoOnHttp11) {
  const auto takes = [](const std::string& fields, const std::string& version = "1.1") {
    return parsed("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n\r\n")
        .trailers_accepted;
  };
  EXPECT_TRUE(takes("TE: trailers"));
  EXPECT_TRUE(takes("TE: deflate;q=0.5, Trailers"));
  EXPECT_TRUE(takes("TE: gzip\r\nTE: trailers"));
  EXPECT_FALSE(takes("TE: deflate"));
  EXPECT_FALSE(takes("TE: trailers;q=1"));
  EXPECT_FALSE(takes("Trailer: trailers"));
  EXPECT_FALSE(takes("TE: trailers", "1.0"));
}

}  // namespace
}  // namespace weir::http
