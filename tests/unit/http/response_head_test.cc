#include "http/response_head.h"

#include <gtest/gtest.h>

#include <string>

#include "http/head_scanner.h"
#include "response_round_trip.h"

namespace weir::http {
namespace {

struct ResponseCase {
  std::string line, fields;
  Fault fault = Fault::none;
  Body body = Body::none;
  Method method = Method::get;

  std::string bytes() const { return line + "\r\n" + fields + "\r\n"; }
};

const WireLimits limits;
const std::string ok = "HTTP/1.1 200 OK";
const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string five = "Content-Length: 5\r\n";

std::vector<ResponseCase> response_cases() {
  using enum Fault;
  return {
      {ok, five, none, Body::length},
      {ok, "Content-Length: 0\r\n", none, Body::length},
      {ok, chunked, none, Body::chunked},
      {ok, "", none, Body::until_close},
      {"HTTP/1.0 200 OK", "", none, Body::until_close},
      {"HTTP/1.0 200 OK", five, none, Body::length},
      {"HTTP/1.1 200 ", five, none, Body::length},
      {"HTTP/1.1 200", five, none, Body::length},
      {"HTTP/1.1 404 Not \xe9 here\t!", five, none, Body::length},
      {"HTTP/1.1 599 x", five, none, Body::length},
      {"HTTP/1.1 205 Reset Content", five, none, Body::length},
      {"HTTP/1.1 100 Continue", ""},
      {"HTTP/1.1 103 Early Hints", "Link: </a>\r\n"},
      {"HTTP/1.1 101 Switching Protocols", "Connection: upgrade\r\nUpgrade: websocket\r\n"},
      {"HTTP/1.1 204 No Content", ""},
      {"HTTP/1.1 204 No Content", "Content-Length: 0\r\n"},
      {"HTTP/1.1 204 No Content", five},
      {"HTTP/1.1 304 Not Modified", five},
      {"HTTP/1.1 304 Not Modified", chunked},
      {ok, five, none, Body::none, Method::head},
      {ok, chunked, none, Body::none, Method::head},
      {ok, "", none, Body::none, Method::head},
      {"HTTP/1.1 100 Continue", chunked, bad_transfer_encoding},
      {"HTTP/1.1 101 Switching Protocols", chunked, bad_transfer_encoding},
      {"HTTP/1.1 100 Continue", five, bad_content_length},
      {"HTTP/1.1 204 No Content", chunked, bad_transfer_encoding},
      {"HTTP/1.0 200 OK", chunked, chunked_on_http10},
      {ok, chunked + five, length_with_chunked},
      {ok, five + chunked, length_with_chunked},
      {ok, five + five, duplicate_content_length},
      {ok, "Content-Length: 5, 5\r\n", bad_content_length},
      {ok, "Content-Length: 05\r\n", bad_content_length},
      {ok, "Content-Length:\r\n", bad_content_length},
      {ok, "Content-Length: -1\r\n", bad_content_length},
      {ok, "Content-Length: x\r\n", bad_content_length, Body::none, Method::head},
      {"HTTP/1.1 304 Not Modified", five + five, duplicate_content_length},
      {ok, "Transfer-Encoding: gzip\r\n", unknown_transfer_coding},
      {ok, "Transfer-Encoding: xchunked\r\n", unknown_transfer_coding},
      {ok, "Transfer-Encoding: gzip\r\n", unknown_transfer_coding, Body::none, Method::head},
      {ok, "Transfer-Encoding:\r\n", bad_transfer_encoding},
      {ok, "Transfer-Encoding: chunked, chunked\r\n", bad_transfer_encoding},
      {ok, "Transfer-Encoding: chunked;x\r\n", bad_transfer_encoding},
      {ok, chunked + chunked, bad_transfer_encoding},
      {ok, "A: b\r\n c\r\n", obs_fold},
      {ok, "A : b\r\n", bad_field_name},
      {ok, ": b\r\n", bad_field_name},
      {ok, "A\r\n", bad_field_name},
      {ok, "A: \x01\r\n", bad_field_value},
      {ok, "A: b\nC: d\r\n", bare_lf},
      {ok, "A: b\rC: d\r\n", bare_cr},
      {ok, std::string("A: b\0\r\n", 7), nul_byte},
      {ok, "Connection: " + std::string(65, ',') + "\r\n", too_many_connection_options},
      {ok, "A: " + std::string(70'000, 'a') + "\r\n", head_too_large},
      {"", "", bad_status_line},
      {"\r\n" + ok, five, bad_status_line},
      {"garbage", "", bad_status_line},
      {"200 OK", "", bad_status_line},
      {"HTTP/1.1 20 OK", "", bad_status_line},
      {"HTTP/1.1 2000 OK", "", bad_status_line},
      {"HTTP/1.1 099 x", "", bad_status_line},
      {"HTTP/1.1 600 x", "", bad_status_line},
      {"HTTP/1.1 000 x", "", bad_status_line},
      {"HTTP/1.1 2x0 OK", "", bad_status_line},
      {"HTTP/1.1 +20 OK", "", bad_status_line},
      {"HTTP/1.1  200 OK", "", bad_status_line},
      {"HTTP/1.1 200\tOK", "", bad_status_line},
      {"HTTP/1.1 200 O\x01K", "", bad_status_line},
      {"HTTP/1.1", "", bad_status_line},
      {"HTTP/1.1 ", "", bad_status_line},
      {"HTTP/2.0 200 OK", "", version_not_supported},
      {"HTTP/1.2 200 OK", "", version_not_supported},
      {"HTTP/1 200 OK", "", bad_version},
      {"HTTP/11 200 OK", "", bad_version},
      {"ICY 200 OK", "", bad_status_line},
      {"http/1.1 200 OK", "", bad_status_line},
      {"HTTP/1.1 200 OK\nX: y", "", bare_lf},
      {"HTTP/1.1 200 OK\rX", "", bare_cr},
  };
}

Fault read(HeadScanner& scanner, std::string_view bytes, Method method, ResponseHead& head) {
  if (scanner.scan(bytes, limits) != HeadScanner::Progress::complete) return scanner.fault();
  return parse_response_head(bytes.substr(0, scanner.head_size()), limits, method, head);
}

ResponseHead parsed(std::string_view bytes, Method method = Method::get) {
  ResponseHead head;
  EXPECT_EQ(parse_response_head(bytes, limits, method, head), Fault::none) << bytes;
  return head;
}

TEST(ResponseHead, EveryCaseIsReadAsTheTableSays) {
  ASSERT_GE(response_cases().size(), 50U);
  for (const ResponseCase& each : response_cases()) {
    HeadScanner scanner(HeadScanner::Kind::response);
    ResponseHead head;
    const std::string bytes = each.bytes();
    EXPECT_EQ(name_of(read(scanner, bytes, each.method, head)), name_of(each.fault))
        << bytes.substr(0, 200);
    if (each.fault == Fault::none) {
      EXPECT_EQ(head.body, each.body) << bytes;
    }
  }
}

TEST(ResponseHead, EveryCaseIsReadTheSameInTwoPiecesSplitAnywhere) {
  for (const ResponseCase& each : response_cases()) {
    const std::string bytes = each.bytes();
    const std::size_t stride = bytes.size() > 4096 ? 61 : 1;
    for (std::size_t split = 0; split < bytes.size(); split += stride) {
      HeadScanner scanner(HeadScanner::Kind::response);
      ResponseHead head;
      scanner.scan(std::string_view(bytes).substr(0, split), limits);
      ASSERT_EQ(name_of(read(scanner, bytes, each.method, head)), name_of(each.fault))
          << split << ": " << bytes.substr(0, 200);
    }
  }
}

TEST(ResponseHead, WhatIsRelayedOfEveryCaseMeansTheSameToEveryParser) {
  std::size_t relayed = 0;
  for (const ResponseCase& each : response_cases()) {
    for (const bool http10 : {false, true}) {
      const ResponseFacts facts{.client_http10 = http10};
      const auto trip = tests::relay_response(each.bytes(), limits, each.method, facts);
      EXPECT_EQ(trip.broken, "") << each.bytes();
      EXPECT_EQ(trip.relayed, each.fault == Fault::none) << each.bytes();
      relayed += trip.relayed ? 1 : 0;
    }
  }
  EXPECT_GE(relayed, 40U);
}

TEST(ResponseHead, TellsItsParts) {
  const ResponseHead head = parsed("HTTP/1.0 503 Come back later\r\nContent-Length: 12\r\n\r\n");
  EXPECT_EQ(head.status, 503);
  EXPECT_EQ(head.reason, "Come back later");
  EXPECT_EQ(head.minor, 0);
  EXPECT_EQ(head.content_length, 12U);
}

TEST(ResponseHead, KeepsAConnectionAliveOnlyWhereItsEndIsCertain) {
  struct Case {
    std::string_view bytes;
    bool keeps;
  };
  for (const Case& each : {
           Case{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", true},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true},
           {"HTTP/1.1 200 OK\r\n\r\n", false},
           {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n", false},
           {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", false},
           {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n", true},
           {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", false},
           {"HTTP/1.1 204 No Content\r\n\r\n", true},
           {"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", false},
           {"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", true},
           {"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", false},
       }) {
    EXPECT_EQ(parsed(each.bytes).keep_alive, each.keeps) << each.bytes;
  }
}

TEST(ResponseHead, TellsInterimFromFinal) {
  EXPECT_TRUE(parsed("HTTP/1.1 100 Continue\r\n\r\n").interim());
  EXPECT_TRUE(parsed("HTTP/1.1 103 Early Hints\r\n\r\n").interim());
  EXPECT_FALSE(parsed("HTTP/1.1 204 No Content\r\n\r\n").interim());
  EXPECT_FALSE(parsed("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n").interim());
}

TEST(ResponseHead, NamesAProtocolOnlyWhereTheSwitchIsBeyondDoubt) {
  const auto switched = [](const std::string& fields, const std::string& version = "1.1") {
    return std::string(parsed("HTTP/" + version + " 101 Switching\r\n" + fields + "\r\n").upgrade);
  };
  EXPECT_EQ(switched("Connection: Upgrade\r\nUpgrade: websocket\r\n"), "websocket");
  EXPECT_EQ(switched("Upgrade: websocket\r\n"), "");
  EXPECT_EQ(switched("Connection: Upgrade\r\n"), "");
  EXPECT_EQ(switched("Connection: Upgrade\r\nUpgrade: a\r\nUpgrade: b\r\n"), "");
  EXPECT_EQ(switched("Connection: Upgrade\r\nUpgrade: websocket\r\n", "1.0"), "");
  EXPECT_EQ(parsed("HTTP/1.1 426 Required\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n").upgrade,
            "");
}

}  // namespace
}  // namespace weir::http
