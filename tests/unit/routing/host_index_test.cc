#include "routing/host_index.h"

#include <gtest/gtest.h>

namespace weir::routing {
namespace {

ServicePlan service(std::vector<std::string> hosts, std::string prefix) {
  ServicePlan plan;
  plan.match = {std::move(hosts), std::move(prefix)};
  return plan;
}

struct Case {
  std::string_view host, path;
  std::optional<std::size_t> expected;
};

const std::vector<ServicePlan> services{
    service({"shop.example.com"}, "/"),          // 0
    service({"shop.example.com"}, "/cart"),      // 1
    service({"shop.example.com"}, "/cart/v2/"),  // 2
    service({"*.example.com"}, "/"),             // 3
    service({"*.eu.example.com"}, "/"),          // 4
    service({"api.example.com"}, "/v1"),         // 5
    service({}, "/public"),                      // 6
    service({"[2001:db8::1]"}, "/"),             // 7
};

TEST(HostIndex, FindsTheMostSpecificHostThenTheLongestPrefix) {
  const HostIndex index(services);
  const Case cases[] = {
      {"shop.example.com", "/", 0},
      {"SHOP.example.COM:8080", "/x", 0},
      {"shop.example.com", "/cart", 1},
      {"shop.example.com", "/cart/1", 1},
      {"shop.example.com", "/cartoon", 0},
      {"shop.example.com", "/cart/v2", 2},
      {"shop.example.com", "/cart/v2/x", 2},
      {"www.example.com", "/", 3},
      {"a.b.example.com", "/", 3},
      {"de.eu.example.com", "/", 4},
      {"eu.example.com", "/", 3},
      {"example.com", "/", std::nullopt},
      {"api.example.com", "/v1/x", 5},
      {"api.example.com", "/v2", 3},
      {"other.org", "/public/a", 6},
      {"other.org", "/private", std::nullopt},
      {"[2001:db8::1]:80", "/", 7},
      {"", "/public", 6},
      {"evil.com", "/", std::nullopt},
      {"shop.example.com.evil.com", "/", std::nullopt},
  };
  for (const auto& [host, path, expected] : cases) {
    EXPECT_EQ(index.find(host, path), expected) << host << path;
  }
}

TEST(HostIndex, OverlongHostsMatchOnlyServicesOfAnyHost) {
  const HostIndex index(services);
  EXPECT_EQ(index.find(std::string(300, 'a') + ".example.com", "/"), std::nullopt);
}

}  // namespace
}  // namespace weir::routing
