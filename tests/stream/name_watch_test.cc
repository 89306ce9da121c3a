#include <gtest/gtest.h>

#include <optional>

#include "health_endpoint.h"
#include "scripted_names.h"
#include "upstream/discovery.h"

namespace weir::upstream {
namespace {

using namespace std::chrono_literals;

TEST(NameWatch, AsksAgainAfterEveryIntervalAndReportsFailuresToo) {
  boost::asio::io_context context(1);
  ScriptedNames names;
  names.answers("blue.svc") = {{{}, {*IpAddress::parse("10.0.0.1")}}, name_not_found()};
  std::vector<Resolution> reports;
  const NameWatch watch(context, "blue.svc", 10ms, names.resolve(),
                        [&](const Resolution& resolution) { reports.push_back(resolution); });
  EXPECT_TRUE(reports.empty()) << "not from the constructor";
  ASSERT_TRUE(run_until(context, [&] { return reports.size() == 3; }));
  EXPECT_FALSE(reports[0].failed());
  EXPECT_TRUE(reports[1].failed());
  EXPECT_TRUE(reports[2].failed());
}

TEST(NameWatch, DropsTheAnswerOfALookupItWasDestroyedIn) {
  boost::asio::io_context context(1);
  ScriptedNames names;
  names.answers("slow.svc") = {{{}, {*IpAddress::parse("10.0.0.1")}}};
  names.script->lookups_last = 30ms;
  int reports = 0;
  std::optional<NameWatch> watch;
  watch.emplace(context, "slow.svc", 10ms, names.resolve(), [&](const Resolution&) { ++reports; });
  ASSERT_TRUE(run_until(context, [&] { return names.script->asked == 1; }));
  watch.reset();
  EXPECT_TRUE(runs_dry(context));
  EXPECT_EQ(reports, 0);
  EXPECT_EQ(names.script->asked, 1);
}

TEST(NameWatch, MayBeDestroyedByItsOwnReport) {
  boost::asio::io_context context(1);
  ScriptedNames names;
  int reports = 0;
  std::optional<NameWatch> watch;
  watch.emplace(context, "blue.svc", 1ms, names.resolve(), [&](const Resolution&) {
    ++reports;
    watch.reset();
  });
  EXPECT_TRUE(runs_dry(context));
  EXPECT_EQ(reports, 1);
}

TEST(LookUp, FindsLocalhost) {
  boost::asio::io_context context(1);
  std::optional<Resolution> found;
  const NameWatch watch(context, "localhost", 10s, look_up,
                        [&](const Resolution& resolution) { found = resolution; });
  ASSERT_TRUE(run_until(context, [&] { return found.has_value(); }));
  ASSERT_FALSE(found->failed()) << found->error.message();
  for (const auto& address : found->addresses) {
    EXPECT_TRUE(address == *IpAddress::parse("127.0.0.1") || address == *IpAddress::parse("::1"))
        << address.text();
  }
}

TEST(LookUp, FailsForANameThatCannotExist) {
  boost::asio::io_context context(1);
  std::optional<Resolution> found;
  const NameWatch watch(context, "no such name", 10s, look_up,
                        [&](const Resolution& resolution) { found = resolution; });
  ASSERT_TRUE(run_until(context, [&] { return found.has_value(); }));
  EXPECT_TRUE(found->failed());
}

}  // namespace
}  // namespace weir::upstream
