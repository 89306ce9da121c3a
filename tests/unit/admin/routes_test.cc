#include "admin/routes.h"

#include <gtest/gtest.h>

#include <set>

namespace weir::admin {
namespace {

TEST(Routes, EveryPathLeadsToItsOperation) {
  struct Case {
    Verb method;
    std::string_view path;
    Operation operation;
    std::string_view service;
  };
  for (const auto& [method, path, operation, service] : {
           Case{Verb::get, "/healthz", Operation::health, ""},
           Case{Verb::head, "/readyz", Operation::readiness, ""},
           Case{Verb::get, "/metrics", Operation::metrics, ""},
           Case{Verb::get, "/openapi.json", Operation::document, ""},
           Case{Verb::get, "/v1/services", Operation::list_services, ""},
           Case{Verb::get, "/v1/services/shop/rollout", Operation::show_rollout, "shop"},
           Case{Verb::get, "/v1/services/shop/rollout/history", Operation::show_history, "shop"},
           Case{Verb::post, "/v1/services/shop-2/rollout/start", Operation::act, "shop-2"},
           Case{Verb::get, "/v1/events", Operation::stream_events, ""},
       }) {
    const auto found = find_route(method, path);
    ASSERT_NE(found.route, nullptr) << path;
    EXPECT_EQ(found.route->operation, operation) << path;
    EXPECT_EQ(found.service, service) << path;
  }
}

TEST(Routes, EveryActionHasOne) {
  for (const auto* name : {"start", "pause", "resume", "promote", "abort", "retry", "undo",
                           "set-weight", "heartbeat"}) {
    const auto found = find_route(Verb::post, "/v1/services/a/rollout/" + std::string(name));
    ASSERT_NE(found.route, nullptr) << name;
    EXPECT_EQ(found.route->action, rollout::action_named(name));
  }
}

TEST(Routes, AnotherMethodIsToldWhichOnesThereAre) {
  EXPECT_EQ(find_route(Verb::post, "/healthz").allow, "GET, HEAD");
  EXPECT_EQ(find_route(Verb::get, "/v1/services/a/rollout/abort").allow, "POST");
  EXPECT_EQ(find_route(Verb::head, "/v1/events").allow, "GET");
}

TEST(Routes, AnyOtherPathIsUnknown) {
  for (const auto* path :
       {"", "/", "*", "healthz", "/healthz/", "//healthz", "/v1", "/v1/services/",
        "/v1/services//rollout", "/v1/services/a", "/v1/services/a/rollout/",
        "/v1/services/a/rollout/explode", "/v1/services/a/b/rollout", "/V1/services",
        "/v1/services/a/rollout/start/x", "/{service}"}) {
    const auto found = find_route(Verb::get, path);
    EXPECT_EQ(found.route, nullptr) << path;
    EXPECT_EQ(found.allow, "") << path;
  }
}

TEST(Routes, OnlyProbesAndMetricsAreOpen) {
  std::set<std::string_view> open;
  for (const auto& route : routes()) {
    if (route.open) open.insert(route.path);
  }
  EXPECT_EQ(open, (std::set<std::string_view>{"/healthz", "/readyz", "/metrics"}));
}

}  // namespace
}  // namespace weir::admin
