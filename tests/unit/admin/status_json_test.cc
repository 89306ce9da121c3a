#include "admin/status_json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "admin/openapi.h"
#include "sample_status.h"

namespace weir::admin {
namespace {

namespace json = boost::json;

std::set<std::string> members_of(const json::object& body) {
  std::set<std::string> names;
  for (const auto& member : body) names.emplace(member.key());
  return names;
}

/// The properties a schema allows, those of what it is composed of included.
std::set<std::string> properties_of(const json::object& all, const json::object& schema) {
  std::set<std::string> names;
  if (const auto* properties = schema.if_contains("properties")) {
    names = members_of(properties->as_object());
  }
  if (const auto* reference = schema.if_contains("$ref")) {
    const std::string path(reference->as_string());
    names.merge(properties_of(all, all.at(path.substr(path.rfind('/') + 1)).as_object()));
  }
  if (const auto* parts = schema.if_contains("allOf")) {
    for (const auto& part : parts->as_array()) names.merge(properties_of(all, part.as_object()));
  }
  return names;
}

std::set<std::string> properties_of(std::string_view schema) {
  const auto all = schemas();
  return properties_of(all, all.at(schema).as_object());
}

TEST(StatusJson, SaysWhereTheRolloutStands) {
  const auto body = to_json(sample_status());
  EXPECT_EQ(body.at("service"), "shop");
  EXPECT_EQ(body.at("epoch"), 7);
  EXPECT_EQ(body.at("phase"), "Progressing");
  EXPECT_EQ(body.at("pause_reason"), "");
  EXPECT_EQ(body.at("stable"), "blue");
  EXPECT_EQ(body.at("canary"), "green");
  EXPECT_EQ(body.at("weight_percent"), 12.5);
  EXPECT_EQ(body.at("held_seconds"), 0.75);
  EXPECT_EQ(body.at("driver_timeout_seconds"), 60);
  EXPECT_EQ(body.at("driver_silent_seconds"), 2.5);
  EXPECT_EQ(body.at("steps").at(0), json::parse(R"({"weight_percent": 5, "hold_seconds": 30,
                                        "min_requests": 100, "manual_gate": false})"));
  EXPECT_EQ(body.at("state_persisted"), true);
  EXPECT_EQ(body.at("hooks_asked"), json::parse(R"(["qa"])"));
  EXPECT_EQ(body.at("notifications"),
            json::parse(R"({"waiting": 3, "trouble": "ops: status 503"})"));
}

TEST(StatusJson, ShowsEachVersionWithItsEndpoints) {
  const auto versions = to_json(sample_status()).at("versions").as_object();
  const auto& blue = versions.at("blue").as_object();
  EXPECT_EQ(blue.at("role"), "stable");
  EXPECT_EQ(blue.at("requests"), 909);
  EXPECT_EQ(blue.at("by_class").at("5xx"), 9);
  EXPECT_EQ(blue.at("endpoints"), json::parse(R"([{"address": "10.0.0.1:8000", "health": "healthy"},
                            {"address": "[2001:db8::1]:8000", "health": "ejected"}])"));
  const auto& green = versions.at("green").as_object();
  EXPECT_EQ(green.at("role"), "canary");
  EXPECT_EQ(green.at("rollout_requests"), 40);
  EXPECT_EQ(green.at("shielded"), 4);
  EXPECT_EQ(green.at("active"), 2);
}

TEST(StatusJson, ExplainsEachGuard) {
  EXPECT_EQ(to_json(sample_status()).at("guards"), json::parse(R"([{
      "guard": "errors", "verdict": "worse", "action": "rollback",
      "measure": "evidence", "value": 2.4E2, "threshold": 1E2, "ratio": 1.25E1,
      "stable": {"requests": 900, "errors": 9, "slow": 0},
      "canary": {"requests": 40, "errors": 5, "slow": 1},
      "reason": "errors: canary 12.5% (5/40) against stable 1% (9/900): evidence 240 above 100"}])"));
}

TEST(StatusJson, ShowsWhatWasSeenOfBothAndWhatHappenedLast) {
  const auto body = to_json(sample_status());
  EXPECT_EQ(body.at("seen"), json::parse(R"({
      "stable": {"requests": 900, "errors": 9, "slow": 0, "samples": []},
      "canary": {"requests": 40, "errors": 5, "slow": 1, "samples": [{
        "unix_ms": 1700000000100, "method": "GET", "path": "/cart", "status": 502,
        "latency_seconds": 1.2345E-2, "ending": "reset", "error": true, "slow": false,
        "request_id": "r-1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}]}})"));
  EXPECT_EQ(body.at("last_transition"), json::parse(R"({"unix_ms": 1700000000000, "who": "weir",
      "kind": "warn", "reason": "as it was", "guard": "latency"})"));
  auto quiet = sample_status();
  quiet.last = {};
  EXPECT_TRUE(to_json(quiet).at("last_transition").is_null()) << "none is known";
}

TEST(StatusJson, LeavesARatioOpenThatIsNotKnown) {
  auto status = sample_status();
  status.guards[0].ratio.reset();
  EXPECT_TRUE(to_json(status).at("guards").at(0).at("ratio").is_null());
}

TEST(StatusJson, SaysWhenTheDiskIsBehind) {
  auto status = sample_status();
  status.persist_error = "no space left on device";
  EXPECT_EQ(to_json(status).at("state_persisted"), false);
  EXPECT_EQ(to_json(status).at("persist_error"), "no space left on device");
}

TEST(StatusJson, SaysWhatStandsInTheWay) {
  auto status = sample_status();
  auto body = to_json(status);
  EXPECT_EQ(body.at("hold"), json::parse(R"({"by": "capacity",
      "reason": "capacity: green can take 100 requests/s"})"));
  EXPECT_EQ(body.at("freeze"), json::parse(R"({"window": "nights",
      "until_unix_ms": 1700006400000,
      "text": "freeze window nights until 2023-11-15 00:00 UTC"})"));
  EXPECT_EQ(body.at("load_per_second"), 250.5);
  EXPECT_EQ(body.at("versions").at("green").at("capacity_per_second"), 100);
  EXPECT_TRUE(body.at("versions").at("blue").at("capacity_per_second").is_null());
  status.state.hold.reset();
  status.freeze.reset();
  body = to_json(status);
  EXPECT_TRUE(body.at("hold").is_null());
  EXPECT_TRUE(body.at("freeze").is_null());
}

TEST(StatusJson, SaysWhatIsSlowAndWhoIsHeldBack) {
  auto status = sample_status();
  EXPECT_TRUE(to_json(status).at("slower_than_seconds").is_null());
  EXPECT_EQ(to_json(status).at("hold_back_percent"), 0);
  status.policy.hold_back = Weight::percent(1);
  status.policy.latency.emplace().slower_than.p95_up_to = Milliseconds(24'999);
  EXPECT_EQ(to_json(status).at("slower_than_seconds"), 1);
  EXPECT_EQ(to_json(status).at("hold_back_percent"), 1);
  status.state.slower_than = Microseconds(5'376);
  EXPECT_EQ(to_json(status).at("slower_than_seconds"), 0.005376);
}

TEST(StatusJson, ShowsWhatWasCopiedApart) {
  auto status = sample_status();
  EXPECT_EQ(to_json(status).at("mirror"), json::parse(R"({"share_percent": 10, "to": "green",
      "same_status": 20, "other_status": 5, "failed": 2, "dropped": 1,
      "by_class": {"2xx": {"2xx": 21, "5xx": 3}, "4xx": {"4xx": 1}},
      "mean_original_seconds": 8E-3, "mean_copy_seconds": 2E-2})"));
  status.state.stable = Version::green;
  EXPECT_EQ(to_json(status).at("mirror"), json::parse(R"({"share_percent": 10, "to": "blue",
      "same_status": 0, "other_status": 0, "failed": 0, "dropped": 0, "by_class": {},
      "mean_original_seconds": null, "mean_copy_seconds": null})"))
      << "to the canary there is now";
  status.mirror.reset();
  EXPECT_TRUE(to_json(status).at("mirror").is_null());
}

TEST(StatusJson, SaysHowLongTheIdlePoolIsWarm) {
  auto status = sample_status();
  EXPECT_EQ(to_json(status).at("bake_seconds"), 600);
  EXPECT_TRUE(to_json(status).at("warm_until_unix_ms").is_null());
  status.state.warm_until = WallTime(Milliseconds(1'700'000'600'000));
  EXPECT_EQ(to_json(status).at("warm_until_unix_ms"), 1'700'000'600'000);
}

TEST(EventJson, SaysWhoDidWhatAndWhy) {
  const auto body = to_json(sample_event());
  EXPECT_EQ(body.at("kind"), "step");
  EXPECT_EQ(body.at("who"), "weir");
  EXPECT_EQ(body.at("unix_ms"), 1'700'000'000'123);
  EXPECT_EQ(body.at("weight_percent"), 12.5);
  EXPECT_EQ(body.at("from").at("weight_percent"), 5);
  EXPECT_EQ(body.at("guard"), "errors");
  EXPECT_EQ(body.at("guards"), to_json(sample_status()).at("guards"));
  EXPECT_EQ(body.at("seen"), to_json(sample_status()).at("seen"));
}

TEST(HistoryJson, HasExactlyTheMembersOfItsSchemas) {
  rollout_loop::RolloutHistory history;
  history.keep(5);
  auto event = sample_event();
  event.transition.to.phase = rollout::Phase::degraded;
  history.note(event);
  const auto body = to_json(history, "shop");
  EXPECT_EQ(members_of(body), properties_of("History"));
  EXPECT_EQ(members_of(body.at("rollouts").at(0).as_object()), properties_of("PastRollout"));
}

TEST(StatusJson, HasExactlyTheMembersOfItsSchemas) {
  auto body = to_json(sample_status());
  body["changed"] = true;
  EXPECT_EQ(members_of(body), properties_of("Rollout"));
  EXPECT_EQ(members_of(to_json(sample_event())), properties_of("Event"));
  const auto part = [&](std::string_view pointer) {
    return members_of(json::value(body).at_pointer(pointer).as_object());
  };
  EXPECT_EQ(part("/hold"), (std::set<std::string>{"by", "reason"}));
  EXPECT_EQ(part("/steps/0"), properties_of("Step"));
  EXPECT_EQ(part("/guards/0"), properties_of("Guard"));
  EXPECT_EQ(part("/guards/0/canary"), properties_of("Evidence"));
  EXPECT_EQ(part("/last_transition"), properties_of("TransitionNote"));
  EXPECT_EQ(part("/seen"), properties_of("Seen"));
  EXPECT_EQ(part("/seen/canary"), properties_of("SeenOfOne"));
  EXPECT_EQ(part("/seen/canary/samples/0"), properties_of("SampleRequest"));
  EXPECT_EQ(part("/versions/blue"), properties_of("VersionStatus"));
  EXPECT_EQ(part("/versions/blue/endpoints/0"), properties_of("Endpoint"));
}

}  // namespace
}  // namespace weir::admin
