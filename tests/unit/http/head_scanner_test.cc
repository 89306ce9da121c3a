#include "http/head_scanner.h"

#include <gtest/gtest.h>

#include <string>

#include "http/request_head.h"
#include "request_cases.h"

namespace weir::http {
namespace {

using Progress = HeadScanner::Progress;

const WireLimits limits;
const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(WholeHead, EndsBehindItsFirstEmptyLine) {
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(whole_head(std::string_view(head).substr(0, size)), 0U) << size;
  }
  EXPECT_EQ(whole_head(head), head.size());
  EXPECT_EQ(whole_head(head + "body\r\n\r\n"), head.size());
  EXPECT_EQ(whole_head("\n\r\n" + head), 0U) << "an end that is none is the scanner's";
}

TEST(WholeHead, IsWhatTheScannerFindsWhereverItIsValid) {
  for (const tests::RequestCase& each : tests::request_cases()) {
    const auto bytes = each.head + "GET /next HTTP/1.1\r\n";
    const auto size = whole_head(bytes);
    RequestHead read;
    const auto whole = bytes.substr(0, size);
    if (size == 0 || parse_request_head(whole, limits, read) != Fault::none) continue;
    HeadScanner scanner;
    EXPECT_EQ(scanner.scan(bytes, limits), Progress::complete) << whole;
    EXPECT_EQ(scanner.start(), 0U);
    EXPECT_EQ(scanner.head_size(), size) << whole;
  }
}

TEST(HeadScanner, ReadsInPiecesWhatItReadsAtOnce) {
  for (const tests::RequestCase& each : tests::request_cases()) {
    RequestHead read;
    const auto parse = [&](std::string_view part) {
      return parse_request_head(part, limits, read);
    };
    HeadScanner whole, bytewise;
    std::optional<Fault> outcome;
    for (std::size_t size = 1; size <= each.head.size() && !outcome; ++size) {
      outcome = bytewise.read(std::string_view(each.head).substr(0, size), limits, parse);
    }
    EXPECT_EQ(outcome, whole.read(each.head, limits, parse)) << each.head.substr(0, 200);
    EXPECT_EQ(bytewise.start(), whole.start());
    if (outcome == Fault::none) {
      EXPECT_EQ(bytewise.head_size(), whole.head_size());
    }
  }
}

TEST(HeadScanner, FindsTheEndAndLeavesTheBodyAlone) {
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan(head + "body\n\r", limits), Progress::complete);
  EXPECT_EQ(scanner.start(), 0U);
  EXPECT_EQ(scanner.head_size(), head.size());
}

TEST(HeadScanner, SkipsOneEmptyLineBeforeARequest) {
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan("\r\n" + head, limits), Progress::complete);
  EXPECT_EQ(scanner.start(), 2U);
  EXPECT_EQ(scanner.head_size(), head.size());
}

TEST(HeadScanner, SkipsNothingBeforeAResponse) {
  HeadScanner scanner(HeadScanner::Kind::response);
  EXPECT_EQ(scanner.scan("\r\nHTTP/1.1 200 OK\r\n\r\n", limits), Progress::complete);
  EXPECT_EQ(scanner.head_size(), 2U);
}

TEST(HeadScanner, WantsMoreAtEveryPrefix) {
  HeadScanner scanner;
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(scanner.scan(std::string_view(head).substr(0, size), limits), Progress::need_more);
  }
  EXPECT_EQ(scanner.scan(head, limits), Progress::complete);
}

TEST(HeadScanner, SaysTheSameByteByByteAsAtOnce) {
  for (const tests::RequestCase& each : tests::request_cases()) {
    HeadScanner whole, bytewise;
    whole.scan(each.head, limits);
    Progress progress = Progress::need_more;
    for (std::size_t size = 1; size <= each.head.size(); ++size) {
      progress = bytewise.scan(std::string_view(each.head).substr(0, size), limits);
      if (progress != Progress::need_more) break;
    }
    EXPECT_EQ(progress, whole.scan(each.head, limits));
    EXPECT_EQ(name_of(bytewise.fault()), name_of(whole.fault())) << each.head.substr(0, 200);
    EXPECT_EQ(bytewise.start(), whole.start());
    if (progress == Progress::complete) {
      EXPECT_EQ(bytewise.head_size(), whole.head_size());
    }
  }
}

TEST(HeadScanner, AllowsAHeadOfExactlyTheLimit) {
  WireLimits exact;
  exact.head_bytes = static_cast<std::uint32_t>(head.size());
  EXPECT_EQ(HeadScanner().scan(head, exact), Progress::complete);
  EXPECT_EQ(HeadScanner().scan("\r\n" + head, exact), Progress::complete);
  exact.head_bytes -= 1;
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan(head, exact), Progress::failed);
  EXPECT_EQ(scanner.fault(), Fault::head_too_large);
}

TEST(HeadScanner, RefusesATargetBeforeItsEndIsSeen) {
  WireLimits small;
  small.target_bytes = 16;
  const std::string fits = "GET /" + std::string(15, 'a');
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan(fits, small), Progress::need_more);
  EXPECT_EQ(scanner.scan(fits + " HTTP/1.1", small), Progress::need_more);
  HeadScanner other;
  EXPECT_EQ(other.scan(fits + "a", small), Progress::failed);
  EXPECT_EQ(other.fault(), Fault::target_too_long);
}

TEST(HeadScanner, TakesAReasonForNoTarget) {
  WireLimits small;
  small.target_bytes = 16;
  HeadScanner scanner(HeadScanner::Kind::response);
  EXPECT_EQ(scanner.scan("HTTP/1.1 " + std::string(100, 'a') + "\r\n\r\n", small),
            Progress::complete);
}

TEST(HeadScanner, StaysFailedUntilReset) {
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan("\n", limits), Progress::failed);
  EXPECT_EQ(scanner.scan(head, limits), Progress::failed);
  scanner.reset();
  EXPECT_EQ(scanner.scan(head, limits), Progress::complete);
}

}  // namespace
}  // namespace weir::http
