#include "cli/server_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::cli {
namespace {

ServerAddress address(std::string_view url) { return std::get<ServerAddress>(read_server(url)); }

std::string complaint(std::string_view url) { return std::get<std::string>(read_server(url)); }

TEST(Server, IsAnHttpUrl) {
  EXPECT_EQ(address("http://127.0.0.1:9901"), (ServerAddress{"127.0.0.1", "9901"}));
  EXPECT_EQ(address("http://weir.svc:80/"), (ServerAddress{"weir.svc", "80"}));
  EXPECT_EQ(address("http://weir"), (ServerAddress{"weir", "80"}));
  EXPECT_EQ(address("http://[::1]:9901"), (ServerAddress{"::1", "9901"}));
  EXPECT_EQ(address("http://[::1]").authority(), "[::1]:80");
  EXPECT_EQ(address("http://a:1").authority(), "a:1");
}

TEST(Server, SaysThatHttpsComesLater) {
  EXPECT_THAT(complaint("https://weir:9901"), testing::HasSubstr("https is not supported yet"));
}

TEST(Server, RefusesAnythingElse) {
  for (const auto* url :
       {"", "weir:9901", "ftp://a", "http://", "http://a:x", "http://a:0", "http://a:65536",
        "http://u@a", "http://a/b", "http://a b", "http://[::1"}) {
    EXPECT_THAT(complaint(url), testing::StartsWith("--server '" + std::string(url) + "': "));
  }
}

}  // namespace
}  // namespace weir::cli
