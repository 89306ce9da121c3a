#include "upstream/health_check.h"

#include <gtest/gtest.h>

#include <optional>

#include "health_endpoint.h"

namespace weir::upstream {
namespace {

using namespace std::chrono_literals;
using Kind = HealthCheck::Kind;

HealthCheck every(Milliseconds interval, Kind kind = Kind::http) {
  HealthCheck check;
  check.kind = kind;
  check.interval = interval;
  check.jitter = Weight::none();
  check.timeout = 100ms;
  return check;
}

CheckTarget target(const HealthEndpoint& server, const HealthCheck& check) {
  return {server.endpoint(), host_field_of(check, server.name()), check};
}

/// Collects what a check reports.
struct Reports {
  std::vector<CheckResult> seen;
  std::vector<Instant> at;
  RepeatingCheck::Report collect() {
    return [this](const CheckResult& result) {
      seen.push_back(result);
      at.push_back(net::now());
    };
  }
};

CheckPace& any_pace() {
  static CheckPace pace(100'000);
  return pace;
}

CheckResult first_result(boost::asio::io_context& context, CheckTarget whom) {
  Reports reports;
  const RepeatingCheck check(context, any_pace(), std::move(whom), 0ms, 1, reports.collect());
  EXPECT_TRUE(run_until(context, [&] { return !reports.seen.empty(); }));
  return reports.seen.empty() ? CheckResult{} : reports.seen.front();
}

struct Answer {
  std::string_view name;
  Conduct conduct;
  std::string response;
  std::uint16_t expect_status;
  bool passes;
  std::string reason;
};

class HttpProbe : public testing::TestWithParam<Answer> {};

TEST_P(HttpProbe, JudgesTheWholeResponse) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  server.script().conduct = GetParam().conduct;
  server.script().response = GetParam().response;
  auto check = every(10s);
  check.expect_status = GetParam().expect_status;
  const auto result = first_result(context, target(server, check));
  EXPECT_EQ(result.passed, GetParam().passes);
  EXPECT_EQ(result.reason, GetParam().reason);
}

const Answer answers[] = {
    {"Ok", Conduct::answer, ok_response, 200, true, "status 200"},
    {"OkOnAConnectionLeftOpen", Conduct::answer_and_stay, ok_response, 200, true, "status 200"},
    {"Unavailable", Conduct::answer, unavailable_response, 200, false, "status 503, expected 200"},
    {"OtherSuccess", Conduct::answer, "HTTP/1.1 204 No Content\r\n\r\n", 200, false,
     "status 204, expected 200"},
    {"ExpectedOtherSuccess", Conduct::answer, "HTTP/1.1 204 No Content\r\n\r\n", 204, true,
     "status 204"},
    {"Redirect", Conduct::answer, "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
     200, false, "status 301, expected 200"},
    {"Chunked", Conduct::answer,
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, true,
     "status 200"},
    {"BodyUntilClose", Conduct::answer, "HTTP/1.0 200 OK\r\n\r\nok", 200, true, "status 200"},
    {"CutBody", Conduct::answer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", 200, false,
     "closed before the response was complete"},
    {"CutHead", Conduct::answer, "HTTP/1.1 200 OK\r\nConte", 200, false,
     "closed before the response was complete"},
    {"NoByte", Conduct::answer, "", 200, false, "closed before the response was complete"},
    {"Garbage", Conduct::answer, "SSH-2.0-OpenSSH_9.2\r\n\r\n", 200, false,
     "response: bad version"},
    {"EndlessHead", Conduct::answer_and_stay, "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'),
     200, false, "response too large"},
    {"LargeBody", Conduct::answer_and_stay,
     "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + std::string(70'000, 'x'), 200, false,
     "response too large"},
    {"LargeBodyUntilClose", Conduct::answer_and_stay,
     "HTTP/1.0 200 OK\r\n\r\n" + std::string(70'000, 'x'), 200, false, "response too large"},
    {"Hang", Conduct::hang, "", 200, false, "timed out after 100 ms"},
    {"HangInBody", Conduct::answer_and_stay, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", 200,
     false, "timed out after 100 ms"},
    {"OneByteEvery5Ms", Conduct::drip, "HTTP/1.1 200 OK\r\nX: " + std::string(1'000, 'x'), 200,
     false, "timed out after 100 ms"},
    {"Reset", Conduct::reset, "", 200, false, "response: Connection reset by peer"},
};

INSTANTIATE_TEST_SUITE_P(Answers, HttpProbe, testing::ValuesIn(answers),
                         [](const auto& answer) { return std::string(answer.param.name); });

TEST(HealthProbe, SendsOneMinimalGet) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  auto check = every(10s);
  check.path = "/ready?deep=1";
  check.host = "shop.example.com";
  first_result(context, target(server, check));
  ASSERT_EQ(server.script().requests.size(), 1U);
  EXPECT_EQ(server.script().requests.front(),
            "GET /ready?deep=1 HTTP/1.1\r\nHost: shop.example.com\r\n"
            "User-Agent: weir-health-check\r\nConnection: close\r\n\r\n");
}

TEST(HealthProbe, FailsWhereNobodyListens) {
  for (const auto kind : {Kind::http, Kind::tcp}) {
    boost::asio::io_context context(1);
    HealthEndpoint server(context);
    server.close();
    const auto result = first_result(context, target(server, every(10s, kind)));
    EXPECT_FALSE(result.passed);
    EXPECT_EQ(result.reason, "connect: Connection refused");
  }
}

TEST(HealthProbe, OfTcpAsksForNoMoreThanAConnection) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  server.script().conduct = Conduct::hang;
  const auto result = first_result(context, target(server, every(10s, Kind::tcp)));
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.reason, "connected");
  EXPECT_TRUE(server.script().requests.empty());
}

TEST(HostField, IsTheConfiguredOneOrTheEndpointsName) {
  struct Case {
    std::string configured, host;
    std::uint16_t port;
    std::string expected;
  };
  const Case cases[] = {{"", "blue.svc", 8000, "blue.svc:8000"},
                        {"", "blue.svc", 80, "blue.svc"},
                        {"", "2001:db8::1", 8000, "[2001:db8::1]:8000"},
                        {"", "2001:db8::1", 80, "[2001:db8::1]"},
                        {"shop.example.com", "10.0.0.1", 8000, "shop.example.com"}};
  for (const auto& [configured, host, port, expected] : cases) {
    HealthCheck check;
    check.host = configured;
    EXPECT_EQ(host_field_of(check, {host, port}), expected);
  }
}

TEST(RepeatingCheck, GoesOnAtItsIntervalAndFollowsTheServer) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  Reports reports;
  const auto begin = net::now();
  const RepeatingCheck check(context, any_pace(), target(server, every(40ms)), 0ms, 1,
                             reports.collect());
  ASSERT_TRUE(run_until(context, [&] { return reports.seen.size() == 2; }));
  server.script().response = unavailable_response;
  ASSERT_TRUE(run_until(context, [&] { return reports.seen.size() == 4; }));
  EXPECT_TRUE(reports.seen[0].passed && reports.seen[1].passed);
  EXPECT_FALSE(reports.seen[2].passed || reports.seen[3].passed);
  for (int i = 1; i < 4; ++i) {
    EXPECT_GE(reports.at[static_cast<std::size_t>(i)] - begin, i * 40ms) << "never early";
  }
}

TEST(RepeatingCheck, WaitsBeforeTheFirstProbeAsTold) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  Reports reports;
  const auto begin = net::now();
  const RepeatingCheck check(context, any_pace(), target(server, every(10s)), 50ms, 1,
                             reports.collect());
  ASSERT_TRUE(run_until(context, [&] { return !reports.seen.empty(); }));
  EXPECT_GE(reports.at.front() - begin, 50ms);
}

TEST(RepeatingCheck, StopsWithoutAWordAtAnyPoint) {
  for (const auto conduct : {Conduct::hang, Conduct::drip, Conduct::answer_and_stay}) {
    boost::asio::io_context context(1);
    HealthEndpoint server(context);
    server.script().conduct = conduct;
    Reports reports;
    std::optional<RepeatingCheck> check;
    check.emplace(context, any_pace(), target(server, every(10ms)), 0ms, 1, reports.collect());
    ASSERT_TRUE(run_until(context, [&] { return !server.script().requests.empty(); }));
    check.reset();
    const auto reported = reports.seen.size();
    server.close();
    EXPECT_TRUE(runs_dry(context));
    EXPECT_EQ(reports.seen.size(), reported);
  }
}

TEST(RepeatingCheck, StopsAfterEveryNumberOfSteps) {
  for (int steps = 0; steps < 40; ++steps) {
    boost::asio::io_context context(1);
    HealthEndpoint server(context);
    Reports reports;
    std::optional<RepeatingCheck> check;
    check.emplace(context, any_pace(), target(server, every(1ms)), 0ms, 1, reports.collect());
    for (int step = 0; step < steps; ++step) context.run_one();
    check.reset();
    const auto reported = reports.seen.size();
    server.close();
    EXPECT_TRUE(runs_dry(context));
    EXPECT_EQ(reports.seen.size(), reported) << "after " << steps << " steps";
  }
}

TEST(RepeatingCheck, MayBeDestroyedByItsOwnReport) {
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  int reports = 0;
  std::optional<RepeatingCheck> check;
  check.emplace(context, any_pace(), target(server, every(1ms)), 0ms, 1, [&](const CheckResult&) {
    ++reports;
    check.reset();
  });
  ASSERT_TRUE(run_until(context, [&] { return reports > 0; }));
  server.close();
  EXPECT_TRUE(runs_dry(context));
  EXPECT_EQ(reports, 1);
}

TEST(RepeatingCheck, MayGoWithAContextThatNeverRunsAgain) {
  Reports reports;
  boost::asio::io_context context(1);
  HealthEndpoint server(context);
  server.script().conduct = Conduct::hang;
  const RepeatingCheck check(context, any_pace(), target(server, every(10ms)), 0ms, 1,
                             reports.collect());
  ASSERT_TRUE(run_until(context, [&] { return !server.script().requests.empty(); }));
}

TEST(SameProbe, DiffersInWhatTheProbeDoesAndNotInItsThresholds) {
  boost::asio::io_context context(1);
  const HealthEndpoint server(context);
  const auto before = target(server, every(10ms));
  auto after = before;
  after.check.rise = 9;
  after.check.fall = 9;
  EXPECT_TRUE(same_probe(before, after));
  after.check.path = "/other";
  EXPECT_FALSE(same_probe(before, after));
}

}  // namespace
}  // namespace weir::upstream
