#include "upstream/pool_registry.h"

#include <gtest/gtest.h>

#include <deque>

#include "health_endpoint.h"
#include "scripted_names.h"

namespace weir::upstream {
namespace {

using namespace std::chrono_literals;
using Health = EndpointHealth;

std::string text_of(const Endpoint& endpoint) {
  static constexpr std::string_view letters = "?hue";  // in the order of EndpointHealth
  return endpoint.address.text() + "=" + letters[static_cast<std::size_t>(endpoint.health)];
}

/// "10.0.0.1=h 10.0.0.2=?"
std::string text_of(const PoolView& view) {
  std::string text;
  for (const auto& endpoint : view.endpoints) text += (text.empty() ? "" : " ") + text_of(endpoint);
  return text;
}

std::vector<EndpointId> ids_of(const PoolView& view) {
  std::vector<EndpointId> ids;
  for (const auto& endpoint : view.endpoints) ids.push_back(endpoint.id);
  return ids;
}

Resolution addresses(std::initializer_list<std::string_view> texts) {
  Resolution resolution;
  for (const auto text : texts) resolution.addresses.push_back(*IpAddress::parse(text));
  return resolution;
}

/// No checks, short times.
PoolPlan unchecked(std::vector<EndpointName> endpoints) {
  PoolPlan pool;
  pool.endpoints = std::move(endpoints);
  pool.check.kind = HealthCheck::Kind::none;
  pool.resolve_interval = 5ms;
  pool.ejection.base = 20ms;
  pool.ejection.longest = 200ms;
  return pool;
}

PoolPlan checked(std::vector<EndpointName> endpoints) {
  auto pool = unchecked(std::move(endpoints));
  pool.check.kind = HealthCheck::Kind::http;
  pool.check.interval = 5ms;
  pool.check.timeout = 200ms;
  return pool;
}

Plan plan_of(PoolPlan blue, PoolPlan green = unchecked({})) {
  Plan plan;
  plan.services.emplace_back();
  plan.services.front().name = "shop";
  plan.services.front().pools[Version::blue] = std::move(blue);
  plan.services.front().pools[Version::green] = std::move(green);
  return plan;
}

class Registry : public testing::Test {
 protected:
  boost::asio::io_context context{1};
  ScriptedNames names;
  std::vector<std::string> changes;  ///< "shop/blue: …"
  std::deque<HealthEndpoint> servers;
  PoolRegistry registry{
      context,
      [this](const std::string& service, Version version, PoolViewPtr view) {
        changes.push_back(service + "/" + std::string(name_of(version)) + ": " + text_of(*view));
      },
      names.resolve(), 1};

  HealthEndpoint& start_server() { return servers.emplace_back(context); }
  PoolViewPtr blue() const { return registry.view("shop", Version::blue); }
  PoolStatus status() const { return registry.status("shop", Version::blue); }
  void eject(EndpointId id) { registry.report_failures("shop", Version::blue, id); }
  bool becomes(std::string expected) {
    return run_until(context, [&] { return text_of(*blue()) == expected; });
  }
  /// All endpoints in order have this health.
  bool become(std::vector<Health> expected) {
    return run_until(context, [&] {
      return std::ranges::equal(blue()->endpoints, expected, {}, &Endpoint::health);
    });
  }
};

TEST_F(Registry, HasLiteralsInTheViewAtOnce) {
  registry.apply(
      plan_of(unchecked({{"10.0.0.2", 80}, {"2001:db8::1", 81}}), unchecked({{"10.0.0.3", 80}})));
  EXPECT_EQ(changes, (std::vector<std::string>{"shop/blue: 10.0.0.2=? 2001:db8::1=?",
                                               "shop/green: 10.0.0.3=?"}));
  EXPECT_EQ(text_of(*blue()), "10.0.0.2=? 2001:db8::1=?") << "in configuration order";
  EXPECT_EQ(blue()->endpoints[1].port, 81);
  EXPECT_EQ(blue()->healthy, 2U);
  EXPECT_EQ(blue()->candidates.size(), 2U);
}

TEST_F(Registry, PublishesAnEmptyPoolAndKnowsNothingOfOtherServices) {
  registry.apply(plan_of(unchecked({{"blue.svc", 80}})));
  EXPECT_EQ(changes, (std::vector<std::string>{"shop/blue: ", "shop/green: "}));
  EXPECT_TRUE(registry.view("nobody", Version::blue)->endpoints.empty());
  EXPECT_EQ(registry.status("nobody", Version::green).total, 0U);
  registry.report_failures("nobody", Version::green, 1);
}

TEST_F(Registry, PublishesOnlyWhatDiffers) {
  const auto plan = plan_of(unchecked({{"10.0.0.1", 80}, {"blue.svc", 80}}));
  names.answers("blue.svc") = {addresses({"10.0.0.2"})};
  registry.apply(plan);
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=?"));
  const auto published = changes.size();
  registry.apply(plan);
  ASSERT_TRUE(run_until(context, [&] { return names.script->asked > 5; }));
  EXPECT_EQ(changes.size(), published);
}

TEST_F(Registry, FollowsNamesAndKeepsIdsOfAddressesThatStay) {
  names.answers("blue.svc") = {addresses({"10.0.0.2", "10.0.0.1"}),
                               addresses({"10.0.0.3", "10.0.0.2"})};
  registry.apply(plan_of(unchecked({{"blue.svc", 80}})));
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=?"));
  const auto before = ids_of(*blue());
  ASSERT_TRUE(becomes("10.0.0.2=? 10.0.0.3=?"));
  const auto after = ids_of(*blue());
  EXPECT_EQ(after[0], before[1]);
  EXPECT_NE(after[1], before[0]) << "ids are never used again";
}

TEST_F(Registry, KeepsTheLastGoodAnswerWhileDnsFails) {
  names.answers("blue.svc") = {addresses({"10.0.0.1"}), name_not_found(), addresses({}),
                               name_not_found(), addresses({"10.0.0.1", "10.0.0.2"})};
  registry.apply(plan_of(unchecked({{"blue.svc", 80}})));
  ASSERT_TRUE(run_until(context, [&] { return status().dns_failures_total == 3; }));
  EXPECT_EQ(text_of(*blue()), "10.0.0.1=?");
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=?"));
  EXPECT_EQ(status().dns_failures_total, 3U);
}

TEST_F(Registry, CountsAnAddressBehindTwoNamesOnce) {
  names.answers("a.svc") = {addresses({"10.0.0.1", "10.0.0.2"})};
  names.answers("b.svc") = {addresses({"10.0.0.2"})};
  registry.apply(plan_of(unchecked({{"a.svc", 80}, {"b.svc", 80}, {"b.svc", 81}})));
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=? 10.0.0.2=?"));
  EXPECT_EQ(blue()->endpoints[2].port, 81);
}

TEST_F(Registry, FollowsActiveChecksIntoPanicAndBack) {
  auto& first = start_server();
  auto& second = start_server();
  registry.apply(plan_of(checked({first.name(), second.name()})));
  ASSERT_TRUE(become({Health::healthy, Health::healthy}));
  second.script().response = unavailable_response;
  ASSERT_TRUE(become({Health::healthy, Health::unhealthy}));
  EXPECT_EQ(blue()->candidates, (std::vector<std::uint32_t>{0}));
  first.script().response = unavailable_response;
  ASSERT_TRUE(become({Health::unhealthy, Health::unhealthy}));
  EXPECT_EQ(blue()->candidates.size(), 2U);
  EXPECT_TRUE(status().panic);
  EXPECT_GE(status().checks_failed_total, 6U) << "three in a row each";
  EXPECT_EQ(status().endpoints[0].last_check, "status 503, expected 200");
  first.script().response = second.script().response = ok_response;
  ASSERT_TRUE(become({Health::healthy, Health::healthy}));
  EXPECT_FALSE(status().panic);
}

TEST_F(Registry, TakesAnEndpointOutOnItsVeryFirstFailure) {
  auto& server = start_server();
  server.script().response = unavailable_response;
  registry.apply(plan_of(checked({server.name()})));
  EXPECT_EQ(blue()->healthy, 1U) << "usable before its first check";
  ASSERT_TRUE(become({Health::unhealthy}));
  EXPECT_EQ(status().checks_failed_total, 1U);
}

TEST_F(Registry, EjectsForAWhileOnReportsOfWorkers) {
  registry.apply(plan_of(unchecked({{"10.0.0.1", 80}, {"10.0.0.2", 80}})));
  const auto ids = ids_of(*blue());
  const auto begin = net::now();
  eject(ids[0]);
  EXPECT_EQ(text_of(*blue()), "10.0.0.1=e 10.0.0.2=?");
  EXPECT_EQ(blue()->candidates, (std::vector<std::uint32_t>{1}));
  eject(ids[1]);
  eject(999);
  EXPECT_EQ(text_of(*blue()), "10.0.0.1=e 10.0.0.2=?") << "the last usable one stays";
  EXPECT_EQ(status().ejected, 1U);
  EXPECT_EQ(status().ejections_total, 1U);
  EXPECT_EQ(status().ejections_refused_total, 1U);
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=?"));
  EXPECT_GE(net::now() - begin, 20ms);
  eject(ids[1]);
  ASSERT_TRUE(becomes("10.0.0.1=? 10.0.0.2=?"));
  EXPECT_EQ(status().ejections_total, 2U);
}

TEST_F(Registry, KeepsIdsHealthAndEjectionsOverAReload) {
  auto& sick = start_server();
  auto& well = start_server();
  auto& third = start_server();
  sick.script().response = unavailable_response;
  auto pool = checked({sick.name(), well.name(), third.name()});
  pool.ejection.base = pool.ejection.longest = 10s;
  registry.apply(plan_of(pool));
  ASSERT_TRUE(become({Health::unhealthy, Health::healthy, Health::healthy}));
  const auto ids = ids_of(*blue());
  eject(ids[1]);
  changes.clear();
  pool.endpoints = {{"10.9.9.9", 80}, third.name(), sick.name(), well.name()};
  pool.check.path = "/other";
  registry.apply(plan_of(pool));
  EXPECT_EQ(
      changes,
      (std::vector<std::string>{"shop/blue: 10.9.9.9=? 127.0.0.1=h 127.0.0.1=u 127.0.0.1=e"}));
  const auto after = ids_of(*blue());
  EXPECT_EQ(after, (std::vector<EndpointId>{after[0], ids[2], ids[0], ids[1]}));
}

TEST_F(Registry, GoesOnWithAnEjectionWhoseEndpointOutlivesAReload) {
  auto pool = unchecked({{"10.0.0.1", 80}, {"10.0.0.2", 80}, {"10.0.0.3", 80}});
  registry.apply(plan_of(pool));
  eject(ids_of(*blue())[1]);
  pool.endpoints.erase(pool.endpoints.begin());
  registry.apply(plan_of(pool));
  EXPECT_EQ(text_of(*blue()), "10.0.0.2=e 10.0.0.3=?");
  EXPECT_TRUE(becomes("10.0.0.2=? 10.0.0.3=?"));
}

TEST_F(Registry, ChecksWithTheNewOptionsAfterAReload) {
  auto& server = start_server();
  auto pool = checked({server.name()});
  registry.apply(plan_of(pool));
  ASSERT_TRUE(become({Health::healthy}));
  pool.check.path = "/ready";
  registry.apply(plan_of(pool));
  EXPECT_TRUE(run_until(context, [&] {
    return server.script().requests.back().starts_with("GET /ready HTTP/1.1\r\n");
  }));
  pool.check.kind = HealthCheck::Kind::none;
  registry.apply(plan_of(pool));
  EXPECT_TRUE(become({Health::unknown})) << "nobody knows any more";
}

TEST_F(Registry, StopsCheckingWhatAReloadRemoves) {
  auto& gone = start_server();
  auto& kept = start_server();
  registry.apply(plan_of(checked({gone.name(), kept.name()})));
  ASSERT_TRUE(become({Health::healthy, Health::healthy}));
  registry.apply(plan_of(checked({kept.name()})));
  const auto before = gone.script().requests.size();
  const auto later = kept.script().requests.size() + 5;
  ASSERT_TRUE(run_until(context, [&] { return kept.script().requests.size() >= later; }));
  EXPECT_LE(gone.script().requests.size(), before + 1) << "one may have been on its way";
}

TEST_F(Registry, DropsServicesThatAreGone) {
  names.answers("blue.svc") = {addresses({"10.0.0.1"})};
  registry.apply(plan_of(unchecked({{"blue.svc", 80}})));
  ASSERT_TRUE(becomes("10.0.0.1=?"));
  changes.clear();
  registry.apply(Plan{});
  EXPECT_TRUE(runs_dry(context));
  EXPECT_TRUE(changes.empty());
  EXPECT_TRUE(blue()->endpoints.empty());
}

TEST_F(Registry, StopsCleanlyAndStaysReadable) {
  auto& server = start_server();
  auto pool = checked({server.name(), {"blue.svc", 80}});
  pool.ejection.base = pool.ejection.longest = 10s;
  names.answers("blue.svc") = {addresses({"127.0.0.2"})};
  registry.apply(plan_of(pool));
  ASSERT_TRUE(run_until(context, [&] { return status().endpoints.size() == 2; }));
  eject(ids_of(*blue())[0]);
  registry.stop();
  server.close();
  const auto published = changes.size();
  EXPECT_TRUE(runs_dry(context));
  EXPECT_EQ(changes.size(), published);
  EXPECT_EQ(blue()->endpoints.size(), 2U);
  EXPECT_EQ(status().total, 2U);
}

TEST_F(Registry, ResolvesLocalhostWithTheSystemsResolver) {
  PoolRegistry real(context, [](const std::string&, Version, PoolViewPtr) {});
  real.apply(plan_of(unchecked({{"localhost", 8000}})));
  EXPECT_TRUE(
      run_until(context, [&] { return !real.view("shop", Version::blue)->endpoints.empty(); }));
}

}  // namespace
}  // namespace weir::upstream
