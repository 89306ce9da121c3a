#include <gtest/gtest.h>

#include <algorithm>

#include "configuration_text.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

Plan sample(const std::string& name) {
  const auto loaded = load(text_of_file("config/" + name));
  for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << name << ": " << format(mistake);
  return loaded.plan.value();
}

std::vector<double> ramp(const RolloutPolicy& policy) {
  std::vector<double> weights;
  for (const auto& step : policy.steps) weights.push_back(step.weight.ratio() * 100);
  return weights;
}

auto gates(const RolloutPolicy& policy) {
  return std::count_if(policy.steps.begin(), policy.steps.end(),
                       [](const Step& step) { return step.manual_gate; });
}

TEST(Sample, MinimalTakesEveryDefault) {
  const auto plan = sample("minimal.yaml");
  ASSERT_EQ(plan.services.size(), 1u);
  EXPECT_EQ(ramp(plan.services[0].rollout), (std::vector<double>{5, 25, 50, 100}));
  EXPECT_EQ(plan.listen.at(0).at.port, 8080);
  EXPECT_EQ(plan.admin.listen.port, 9901);
}

TEST(Sample, BlueGreenMovesEverybodyAtOnceAndWaitsForPeople) {
  const auto plan = sample("blue-green.yaml");
  const auto& policy = plan.services.at(0).rollout;
  EXPECT_EQ(ramp(policy), (std::vector<double>{100}));
  EXPECT_EQ(gates(policy), 1);
  EXPECT_FALSE(plan.services[0].preview.header.empty());
}

TEST(Sample, CanaryRisesByFourSteps) {
  const auto plan = sample("canary.yaml");
  const auto& service = plan.services.at(0);
  EXPECT_EQ(ramp(service.rollout), (std::vector<double>{5, 25, 50, 100}));
  EXPECT_EQ(gates(service.rollout), 0);
  EXPECT_EQ(service.rollout.errors->action, GuardAction::rollback);
  EXPECT_EQ(service.key.source, StickyKey::Source::cookie);
}

TEST(Sample, CarefulHasManyStepsGatesAndALatencyGuard) {
  const auto plan = sample("careful.yaml");
  const auto& policy = plan.services.at(0).rollout;
  EXPECT_EQ(policy.steps.size(), 8u);
  EXPECT_EQ(gates(policy), 2);
  ASSERT_TRUE(policy.latency.has_value());
  EXPECT_EQ(policy.latency->action, GuardAction::hold);
  EXPECT_TRUE(policy.latency->slower_than.p95_up_to.has_value());
  EXPECT_EQ(policy.hold_back, Weight::percent(1));
  EXPECT_EQ(policy.steps.back().weight, Weight::percent(99));
  EXPECT_GT(policy.driver_timeout, Milliseconds{0});
  EXPECT_EQ(policy.hooks.size(), 2u);
  EXPECT_TRUE(plan.services[0].mirror.on());
  EXPECT_EQ(plan.notifications.webhooks.size(), 2u);
}

TEST(Sample, DoublingRisesByARuleAndRestsAtNight) {
  const auto plan = sample("doubling.yaml");
  const auto& service = plan.services.at(0);
  EXPECT_EQ(ramp(service.rollout), (std::vector<double>{1, 2, 4, 8, 16, 32, 64, 100}));
  EXPECT_EQ(gates(service.rollout), 1);
  ASSERT_EQ(service.rollout.freeze.size(), 4u);
  EXPECT_EQ(service.rollout.freeze[0].zone.name(), "Europe/Berlin");
  EXPECT_GT(service.rollout.bake, Milliseconds{0});
  EXPECT_GT(service.pools[Version::green].capacity, 0u);
}

TEST(Sample, TwoServicesAreToldApartByHostAndPath) {
  const auto plan = sample("two-services.yaml");
  ASSERT_EQ(plan.services.size(), 2u);
  EXPECT_EQ(plan.services[0].match.hosts,
            (std::vector<std::string>{"shop.example.com", "*.shop.example.com"}));
  EXPECT_EQ(plan.services[1].match.path_prefix, "/api");
  EXPECT_EQ(plan.services[1].stable, Version::green);
  EXPECT_EQ(plan.services[1].key.source, StickyKey::Source::client_address);
}

TEST(Sample, TlsIsSpokenToClientsAndPools) {
  const auto plan = sample("tls.yaml");
  ASSERT_EQ(plan.listen.size(), 3u);
  EXPECT_EQ(plan.listen[0].redirect_to_https, 8443);
  EXPECT_EQ(plan.listen[1].tls->certificates.size(), 2u);
  EXPECT_EQ(plan.listen[2].tls->client_certificates, ListenerTls::ClientCertificates::required);
  EXPECT_EQ(plan.listen[2].tls->minimum, TlsVersion::v1_3);
  EXPECT_EQ(plan.listen[2].proxy_protocol_from.size(), 1u);
  EXPECT_EQ(plan.services.at(0).pools[Version::green].tls->server_name, "shop.svc");
  EXPECT_TRUE(plan.services.at(0).pools[Version::blue].tls->verify);
  EXPECT_EQ(plan.services.at(0).key.secure, StickyKey::Secure::always);
  EXPECT_FALSE(plan.services.at(0).key.secret_file.empty());
}

}  // namespace
}  // namespace weir::settings
