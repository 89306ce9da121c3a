#include "admin/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scratch_file.h"

namespace weir::admin {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr Instant start{};
const auto loopback = *IpAddress::parse("127.0.0.1");
const auto remote = *IpAddress::parse("10.0.0.7");

RequestHead head_with(const Fields& fields) {
  RequestHead head;
  for (const auto& [name, value] : fields) head.insert(name, value);
  return head;
}

const Route& get_route(std::string_view path) { return *find_route(Verb::get, path).route; }

const Route& post_route() {
  return *find_route(Verb::post, "/v1/services/shop/rollout/abort").route;
}

/// 200 where the request is let in.
unsigned verdict(Access& access, const Route& route, const IpAddress& peer, const Fields& fields) {
  const auto admitted = access.admit(head_with(fields), peer, route, start);
  const auto* problem = std::get_if<Problem>(&admitted);
  return problem == nullptr ? 200 : static_cast<unsigned>(problem->status);
}

AdminPlan without_token() { return {}; }

AdminPlan with_token(const ScratchFile& file) {
  AdminPlan plan;
  plan.token_file = file.path();
  return plan;
}

TEST(Access, WithoutATokenFileOnlyLoopbackIsServed) {
  Access access(without_token(), start);
  const Fields fields{{"Host", "127.0.0.1:9901"}};
  const auto& list = get_route("/v1/services");
  EXPECT_EQ(verdict(access, list, loopback, fields), 200u);
  EXPECT_EQ(verdict(access, list, *IpAddress::parse("::1"), fields), 200u);
  EXPECT_EQ(verdict(access, list, *IpAddress::parse("127.8.8.8"), fields), 200u);
  EXPECT_EQ(verdict(access, list, remote, fields), 403u);
  EXPECT_EQ(verdict(access, get_route("/metrics"), remote, fields), 403u);
  EXPECT_EQ(verdict(access, get_route("/readyz"), remote, fields), 200u);
}

TEST(Access, WithoutATokenFileNoNameOfTheWebLeadsHere) {
  Access access(without_token(), start);
  for (const auto* host :
       {"127.0.0.1", "127.0.0.1:9901", "[::1]:9901", "localhost", "LocalHost:1"}) {
    EXPECT_EQ(verdict(access, get_route("/v1/services"), loopback, {{"Host", host}}), 200u) << host;
  }
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example"}) {
    EXPECT_EQ(verdict(access, get_route("/v1/services"), loopback, {{"Host", host}}), 403u) << host;
    EXPECT_EQ(verdict(access, get_route("/metrics"), loopback, {{"Host", host}}), 403u) << host;
  }
}

TEST(Access, WithATokenFileTheTokenDecides) {
  const ScratchFile file("sesame\n");
  Access access(with_token(file), start);
  const auto asked = [&](const std::string& authorization) {
    return verdict(access, post_route(), remote,
                   {{"Host", "weir.svc"}, {"Authorization", authorization}});
  };
  EXPECT_EQ(asked("Bearer sesame"), 200u);
  EXPECT_EQ(asked("bearer  sesame "), 200u);
  for (const auto* wrong : {"", "Bearer", "Bearer ", "Bearer wrong", "sesame", "Basic sesame",
                            "Bearer sesame, Bearer sesame"}) {
    EXPECT_EQ(asked(wrong), 401u) << wrong;
  }
  EXPECT_EQ(verdict(access, post_route(), loopback, {{"Host", "localhost"}}), 401u);
}

TEST(Access, WithATokenFileReadsNeedItTooButProbesAndMetricsDoNot) {
  const ScratchFile file("sesame\n");
  Access access(with_token(file), start);
  const Fields fields{{"Host", "10.1.1.1:9901"}};
  for (const auto* path :
       {"/v1/services", "/v1/services/a/rollout", "/v1/events", "/openapi.json"}) {
    EXPECT_EQ(verdict(access, get_route(path), remote, fields), 401u) << path;
  }
  for (const auto* path : {"/healthz", "/readyz", "/metrics"}) {
    EXPECT_EQ(verdict(access, get_route(path), remote, fields), 200u) << path;
  }
}

TEST(Access, PostsFromOtherOriginsAreRefused) {
  const ScratchFile file("sesame\n");
  Access access(with_token(file), start);
  const auto posted = [&](const std::string& origin) {
    return verdict(access, post_route(), remote,
                   {{"Host", "weir:9901"}, {"Authorization", "Bearer sesame"}, {"Origin", origin}});
  };
  EXPECT_EQ(posted("http://weir:9901"), 200u);
  for (const auto* origin :
       {"http://evil.example", "https://weir:9901", "http://weir", "null", ""}) {
    EXPECT_EQ(posted(origin), 403u) << origin;
  }
}

TEST(Access, NamesTheCallerForTheAuditLog) {
  const ScratchFile file("sesame\n");
  Access access(with_token(file), start);
  const auto head = head_with({{"Host", "a"}, {"Authorization", "Bearer sesame"}});
  EXPECT_THAT(std::get<std::string>(access.admit(head, remote, post_route(), start)),
              testing::MatchesRegex("10\\.0\\.0\\.7 token [0-9a-f]{8}"));
}

TEST(Access, ABadTokenFileChangesNothingAtReload) {
  const ScratchFile file("sesame\n");
  Access access(with_token(file), start);
  AdminPlan missing;
  missing.token_file = "/nonexistent/token";
  EXPECT_THROW(access.reconfigure(missing, start), TokenError);
  EXPECT_EQ(
      verdict(access, post_route(), remote, {{"Host", "a"}, {"Authorization", "Bearer sesame"}}),
      200u);
}

}  // namespace
}  // namespace weir::admin
