#include "admin/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <boost/json/parse.hpp>
#include <chrono>

#include "stream/admin_stage.h"

namespace weir::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

boost::json::value json_of(const Response& response) { return boost::json::parse(response.body()); }

std::string token_file_with(const std::string& text) {
  const auto path = testing::TempDir() + "weir-admin-token-" + std::to_string(::getpid());
  std::ofstream(path) << text;
  return path;
}

TEST(AdminServer, AnswersProbesMetricsAndItsDocument) {
  const AdminStage stage;
  EXPECT_EQ(stage.ask(Verb::get, "/healthz").body(), "ok\n");
  EXPECT_EQ(stage.ask(Verb::get, "/readyz").result(), Status::ok);
  const auto metrics = stage.ask(Verb::get, "/metrics");
  EXPECT_EQ(metrics[Field::content_type], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body(), HasSubstr("weir_rollout_epoch{service=\"api\"} 0"));
  EXPECT_EQ(json_of(stage.ask(Verb::get, "/openapi.json")).at("openapi"), "3.0.3");
}

TEST(AdminServer, IsNotReadyWhereTheProxyIsNot) {
  const AdminStage stage({.ready = false});
  EXPECT_EQ(stage.ask(Verb::get, "/readyz").result(), Status::service_unavailable);
  EXPECT_EQ(stage.ask(Verb::get, "/healthz").result(), Status::ok);
}

TEST(AdminServer, ListsServicesInTheOrderOfTheConfiguration) {
  const AdminStage stage;
  const auto services = json_of(stage.ask(Verb::get, "/v1/services")).at("services").as_array();
  ASSERT_EQ(services.size(), 2u);
  EXPECT_EQ(services[0].at("service"), "shop");
  EXPECT_EQ(services[1].at("service"), "api");
}

TEST(AdminServer, CarriesARolloutThroughItsActions) {
  const AdminStage stage;
  const auto started = stage.post("start", R"({"revision": "v2", "reason": "friday"})");
  EXPECT_EQ(started.result(), Status::ok);
  EXPECT_EQ(started[Field::etag], "\"1\"");
  EXPECT_EQ(json_of(started).at("weight_percent"), 5);
  EXPECT_EQ(json_of(started).at("revision"), "v2");
  EXPECT_EQ(json_of(stage.post("set-weight", R"({"weight": "7.5%"})")).at("weight_percent"), 7.5);
  EXPECT_EQ(json_of(stage.post("abort")).at("phase"), "Degraded");
  EXPECT_EQ(json_of(stage.post("abort")).at("changed"), false);
  EXPECT_EQ(json_of(stage.post("retry")).at("epoch"), 2);
  EXPECT_EQ(json_of(stage.post("promote", R"({"full": true})")).at("stable"), "green");
}

TEST(AdminServer, SaysWhyAnActionWasNotDone) {
  AdminStage stage;
  const auto conflict = stage.post("pause");
  EXPECT_EQ(conflict.result(), Status::conflict);
  EXPECT_EQ(json_of(conflict).at("phase"), "Healthy");
  stage.post("start");
  const auto stale = stage.post("pause", "", {{"If-Match", "\"9\""}});
  EXPECT_EQ(stale.result(), Status::precondition_failed);
  EXPECT_EQ(json_of(stale).at("epoch"), 1);
  EXPECT_EQ(stale[Field::etag], "\"1\"");
  const auto bad = stage.post("set-weight", R"({"weight": 500})");
  EXPECT_EQ(bad.result(), Status::bad_request);
  EXPECT_EQ(json_of(bad).at("pointer"), "/weight");
  EXPECT_EQ(stage.ask(Verb::post, "/v1/services/none/rollout/start").result(), Status::not_found);
  stage.on_control([&stage] { stage.store.full = true; });
  EXPECT_EQ(stage.post("promote").result(), Status::service_unavailable);
}

TEST(AdminServer, TellsUnknownPathsAndMethods) {
  const AdminStage stage;
  EXPECT_EQ(stage.ask(Verb::get, "/v2").result(), Status::not_found);
  const auto wrong = stage.ask(Verb::delete_, "/v1/services");
  EXPECT_EQ(wrong.result(), Status::method_not_allowed);
  EXPECT_EQ(wrong[Field::allow], "GET, HEAD");
}

TEST(AdminServer, RepeatsTheAnswerToARepeatedKey) {
  const AdminStage stage;
  const HeaderFields key{{"Idempotency-Key", "deploy-1"}};
  const auto first = stage.post("start", "", key);
  EXPECT_EQ(first.count("Idempotent-Replayed"), 0u);
  const auto again = stage.post("start", "", key);
  EXPECT_EQ(again["Idempotent-Replayed"], "true");
  EXPECT_EQ(again.body(), first.body());
  EXPECT_EQ(stage.post("start", R"({"revision": "v3"})", key).result(),
            Status::unprocessable_entity);
  EXPECT_EQ(stage.post("abort", "", key).result(), Status::unprocessable_entity);
}

TEST(AdminServer, MayTryAgainWithTheSameKeyOnceTheDiskHasRoom) {
  AdminStage stage;
  const HeaderFields key{{"Idempotency-Key", "deploy-1"}};
  stage.on_control([&stage] { stage.store.full = true; });
  EXPECT_EQ(stage.post("start", "", key).result(), Status::service_unavailable);
  stage.on_control([&stage] { stage.store.full = false; });
  EXPECT_EQ(stage.post("start", "", key).result(), Status::ok);
}

TEST(AdminServer, AsksForTheTokenAndWritesRefusalsDown) {
  const AdminStage stage({.token_file = token_file_with("sesame\n")});
  const auto refused = stage.post("start");
  EXPECT_EQ(refused.result(), Status::unauthorized);
  EXPECT_EQ(refused[Field::www_authenticate], "Bearer realm=\"weir\"");
  EXPECT_THAT(stage.audit_text(), HasSubstr("\"refused\":401"));
  EXPECT_EQ(stage.post("start", "", {{"Authorization", "Bearer sesame"}}).result(), Status::ok);
  EXPECT_THAT(stage.audit_text(), HasSubstr("127.0.0.1 token "));
  EXPECT_THAT(stage.audit_text(), Not(HasSubstr("sesame")));
  EXPECT_THAT(stage.ask(Verb::get, "/metrics").body(),
              HasSubstr("weir_admin_requests_refused_total 1"));
}

TEST(AdminServer, WritesConflictsDown) {
  const AdminStage stage;
  stage.post("pause");
  EXPECT_THAT(stage.audit_text(), HasSubstr("\"refused\":409"));
}

TEST(AdminServer, DoesNotStartWithoutATokenInTheFile) {
  EXPECT_THROW(AdminStage({.token_file = token_file_with("")}), TokenError);
}

TEST(AdminServer, SaysWhichPortIsTaken) {
  AdminStage stage;
  AdminPlan plan;
  plan.listen = {*IpAddress::parse("127.0.0.1"), stage.server->port()};
  try {
    const AdminServer second(stage.control, stage.loop, plan, {}, {});
    FAIL() << "two servers on one port";
  } catch (const boost::system::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("admin.listen: cannot listen on 127.0.0.1 port " +
                                        std::to_string(plan.listen.port)));
  }
}

TEST(AdminServer, KeepsAConnectionForTheNextRequest) {
  const AdminStage stage;
  auto caller = stage.caller();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(caller.ask(Verb::get, "/healthz").result(), Status::ok);
  EXPECT_EQ(caller.ask(Verb::get, "/v1/none").result(), Status::not_found);
  const auto head = caller.ask(Verb::head, "/healthz");
  EXPECT_EQ(head[Field::content_length], "3");
  EXPECT_EQ(caller.ask(Verb::get, "/healthz").body(), "ok\n");
}

TEST(AdminServer, BoundsHeadAndBody) {
  const AdminStage stage;
  EXPECT_EQ(stage.ask(Verb::get, "/healthz", "", {{"X-Long", std::string(9'000, 'x')}}).result(),
            Status::request_header_fields_too_large);
  EXPECT_EQ(stage.post("start", std::string(65 * 1024, ' ')).result(), Status::payload_too_large);
  EXPECT_EQ(stage.post("start", std::string(64 * 1024, ' ') + "{").result(),
            Status::payload_too_large);
  const std::string fits = "{\"reason\": \"x\"" + std::string(60'000, ' ') + "}";
  EXPECT_EQ(stage.post("start", fits).result(), Status::ok);
}

TEST(AdminServer, RefusesHeadsWhoseLengthIsInDoubt) {
  const AdminStage stage;
  const std::string line = "POST /v1/services/shop/rollout/start HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto* fields : {"Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding: \r\n\r\n",
                             "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
                             "Content-Length: x\r\n\r\n", "Host: b\r\n\r\n"}) {
    auto caller = stage.caller();
    caller.write(line + fields);
    const auto response = caller.read();
    EXPECT_EQ(response.result(), Status::bad_request) << fields;
    EXPECT_FALSE(response.keep_alive()) << fields;
  }
  auto chunked = stage.caller();
  chunked.write(line + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.read().result(), Status::ok);
}

TEST(AdminServer, LetsAClientThatAsksSendItsBody) {
  const AdminStage stage;
  auto caller = stage.caller();
  caller.write(
      "POST /v1/services/shop/rollout/start HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(caller.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  caller.write("{}");
  EXPECT_EQ(caller.read().result(), Status::ok);
}

TEST(AdminServer, StreamsTransitionsAndGoesOnWhereAClientLeft) {
  const AdminStage stage;
  auto first = stage.caller();
  first.write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(first.read_until("retry"), HasSubstr("Content-Type: text/event-stream"));
  stage.post("start");
  EXPECT_THAT(first.read_until("\"kind\":\"start\""), HasSubstr("id: 1\nevent: transition\n"));
  stage.post("abort");
  auto second = stage.caller();
  second.write(
      "GET /v1/events?service=shop HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 1\r\n\r\n");
  EXPECT_THAT(second.read_until("\"kind\":\"abort\""), HasSubstr("id: 2\nevent: transition\n"));
  EXPECT_EQ(stage.ask(Verb::get, "/v1/events?service=none").result(), Status::not_found);
}

TEST(AdminServer, KeepsRoomForActionsWhenStreamsAreMany) {
  const AdminStage stage;
  std::vector<std::unique_ptr<AdminCaller>> streams;
  for (std::size_t i = 0; i < AdminLimits{}.event_streams; ++i) {
    streams.push_back(std::make_unique<AdminCaller>(stage.server->port()));
    streams.back()->write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_THAT(streams.back()->read_until("retry"), HasSubstr("200 OK"));
  }
  EXPECT_EQ(stage.ask(Verb::get, "/v1/events").result(), Status::service_unavailable);
  EXPECT_EQ(stage.post("start").result(), Status::ok);
  EXPECT_THAT(
      stage.ask(Verb::get, "/metrics").body(),
      AllOf(HasSubstr("weir_admin_event_streams 128"),
            HasSubstr("weir_admin_limit_exceeded_total{limit=\"admin.limits.event_streams\"} 1")));
}

TEST(AdminServer, HasTheLimitsOfItsConfiguration) {
  AdminStage stage;
  AdminPlan plan;
  plan.limits.head_bytes = 1024;
  plan.limits.body_bytes = 10;
  stage.on_control([&] { stage.server->reconfigure(plan); });
  EXPECT_EQ(stage.post("start", R"({"revision": "v2"})").result(), Status::payload_too_large);
  const auto long_head = stage.ask(Verb::get, "/healthz", "", {{"X-Long", std::string(2000, 'x')}});
  EXPECT_EQ(long_head.result(), Status::request_header_fields_too_large);
  const auto metrics = stage.ask(Verb::get, "/metrics").body();
  EXPECT_THAT(metrics,
              HasSubstr("weir_admin_limit_exceeded_total{limit=\"admin.limits.body_bytes\"} 1"));
  EXPECT_THAT(metrics,
              HasSubstr("weir_admin_limit_exceeded_total{limit=\"admin.limits.head_bytes\"} 1"));
}

TEST(AdminServer, RefusesConnectionsBeyondItsLimitAndCountsThem) {
  AdminStage stage;
  std::vector<std::unique_ptr<AdminCaller>> callers;
  for (std::size_t i = 0; i < AdminLimits{}.connections; ++i) {
    callers.push_back(std::make_unique<AdminCaller>(stage.server->port()));
  }
  AdminCaller one_more(stage.server->port());
  EXPECT_EQ(one_more.read_until("\n"), "") << "closed without a word";
  EXPECT_THAT(callers.front()->ask(Verb::get, "/metrics").body(),
              HasSubstr("weir_admin_limit_exceeded_total{limit=\"admin.limits.connections\"} 1"));
}

TEST(AdminServer, EndsEveryConnectionWhenItStops) {
  AdminStage stage;
  auto caller = stage.caller();
  caller.write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  caller.read_until("retry");
  stage.on_control([&stage] { stage.server->stop(); });
  caller.read_until("never sent");
}

TEST(AdminServer, AnswersAStatusInUnderAMillisecondOnAverage) {
  const AdminStage stage;
  auto caller = stage.caller();
  constexpr int requests = 500;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < requests; ++i) caller.ask(Verb::get, "/v1/services/shop/rollout");
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  std::cout << took.count() / requests << " ms for each status\n";
  EXPECT_LT(took.count() / requests, 20.0) << "a wide margin for a busy machine";
}

}  // namespace
}  // namespace weir::admin
