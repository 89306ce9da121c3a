#include "http/error_body.h"

#include <gtest/gtest.h>

#include <set>

#include "http/fault.h"
#include "http/head_scanner.h"
#include "http/response_head.h"

namespace weir::http {
namespace {

TEST(Fault, HasAStatusANameAndASentence) {
  const std::set<int> allowed{400, 408, 413, 414, 417, 431, 501, 505};
  std::set<std::string_view> names;
  for (std::size_t i = 1; i < fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    EXPECT_TRUE(allowed.contains(status_of(fault))) << name_of(fault);
    EXPECT_TRUE(names.insert(name_of(fault)).second) << name_of(fault);
    EXPECT_EQ(name_of(fault).find_first_not_of("abcdefghijklmnopqrstuvwxyz_01"), std::string::npos);
    EXPECT_TRUE(explain(fault).ends_with('.')) << name_of(fault);
  }
  EXPECT_EQ(status_of(Fault::none), 0);
}

TEST(Fault, IsAnsweredWithTheStatusThatFits) {
  EXPECT_EQ(status_of(Fault::length_with_chunked), 400);
  EXPECT_EQ(status_of(Fault::body_too_slow), 408);
  EXPECT_EQ(status_of(Fault::body_too_large), 413);
  EXPECT_EQ(status_of(Fault::target_too_long), 414);
  EXPECT_EQ(status_of(Fault::bad_expect), 417);
  EXPECT_EQ(status_of(Fault::head_too_large), 431);
  EXPECT_EQ(status_of(Fault::too_many_fields), 431);
  EXPECT_EQ(status_of(Fault::connect_not_supported), 501);
  EXPECT_EQ(status_of(Fault::unknown_transfer_coding), 501);
  EXPECT_EQ(status_of(Fault::version_not_supported), 505);
}

TEST(ErrorResponse, IsAWholeResponse) {
  std::string out = "left over";
  write_error_response(503, "No endpoint.", "id-1", true, false, false, out);
  EXPECT_EQ(out,
            "HTTP/1.1 503 Service Unavailable\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 51\r\n"
            "Cache-Control: no-store\r\n"
            "X-Request-Id: id-1\r\n"
            "Retry-After: 1\r\n"
            "Connection: close\r\n"
            "\r\n"
            "503 Service Unavailable\nNo endpoint.\nRequest: id-1\n");
}

TEST(ErrorResponse, EscapesItsJson) {
  std::string out;
  write_error_response(400, "A \"quoted\\\n\" reason.", "", false, true, false, out);
  EXPECT_TRUE(
      out.ends_with("{\"status\":400,\"error\":\"Bad Request\",\"message\":"
                    "\"A \\\"quoted\\\\ \\\" reason.\",\"request_id\":\"\"}\n"));
  EXPECT_EQ(out.find("Connection"), std::string::npos);
  EXPECT_EQ(out.find("X-Request-Id"), std::string::npos);
}

TEST(ErrorResponse, AnnouncesTheLengthOfItsBodyAndSendsNoneToHead) {
  for (const int status : {400, 404, 408, 413, 414, 417, 431, 501, 502, 503, 504, 505}) {
    for (const bool json : {false, true}) {
      std::string full, head;
      write_error_response(status, "Why.", "id", false, json, false, full);
      write_error_response(status, "Why.", "id", false, json, true, head);
      ASSERT_TRUE(full.starts_with(head) && head.ends_with("\r\n\r\n"));
      ResponseHead parsed;
      ASSERT_EQ(parse_response_head(head, WireLimits{}, Method::get, parsed), Fault::none);
      EXPECT_EQ(parsed.status, status);
      EXPECT_EQ(parsed.content_length, full.size() - head.size());
      EXPECT_NE(reason_phrase(status), "Unknown");
    }
  }
}

}  // namespace
}  // namespace weir::http
