#include "http/https_redirect.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

std::string location_of(const std::string& request_line, const std::string& host,
                        std::uint16_t port) {
  RequestHead head;
  const auto text = request_line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  EXPECT_EQ(parse_request_head(text, WireLimits{}, head), Fault::none);
  std::string out;
  write_https_redirect(head, port, false, out);
  EXPECT_TRUE(out.starts_with("HTTP/1.1 308 Permanent Redirect\r\n"));
  EXPECT_TRUE(out.ends_with("\r\nContent-Length: 0\r\n\r\n"));
  const auto start = out.find("Location: ") + 10;
  return out.substr(start, out.find('\r', start) - start);
}

TEST(HttpsRedirect, KeepsHostAndTarget) {
  EXPECT_EQ(location_of("GET /a%20b?c=d", "shop.test", 443), "https://shop.test/a%20b?c=d");
  EXPECT_EQ(location_of("POST /", "shop.test:8080", 443), "https://shop.test/");
  EXPECT_EQ(location_of("GET /", "shop.test:8080", 8443), "https://shop.test:8443/");
  EXPECT_EQ(location_of("GET /", "[::1]", 443), "https://[::1]/");
  EXPECT_EQ(location_of("GET /", "[::1]:80", 8443), "https://[::1]:8443/");
  EXPECT_EQ(location_of("OPTIONS *", "shop.test", 443), "https://shop.test/");
}

TEST(HttpsRedirect, SaysWhatBecomesOfTheConnection) {
  RequestHead head;
  head.host = "a";
  head.target = "/";
  std::string out;
  write_https_redirect(head, 443, true, out);
  EXPECT_NE(out.find("\r\nConnection: close\r\n"), std::string::npos);
  head.minor = 0;
  write_https_redirect(head, 443, false, out);
  EXPECT_NE(out.find("\r\nConnection: keep-alive\r\n"), std::string::npos);
}

}  // namespace
}  // namespace weir::http
