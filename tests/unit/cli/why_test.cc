#include "cli/why.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_rollout.h"

namespace weir::cli {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

/// As the API says it of a canary that answered 500 and then nothing.
json::value sample_why() {
  return json::parse(R"({
    "last_transition": {"unix_ms": 1700000060000, "who": "weir", "kind": "rollback",
      "reason": "errors: too many", "guard": "errors"},
    "guards": [
      {"guard": "errors", "verdict": "worse", "action": "rollback", "measure": "evidence",
        "value": 5029, "threshold": 100, "ratio": 12.5, "reason": "",
        "stable": {"requests": 900, "errors": 9, "slow": 0},
        "canary": {"requests": 40, "errors": 5, "slow": 0}},
      {"guard": "health", "verdict": "fine", "action": "rollback", "measure": "share",
        "value": 1, "threshold": 0.5, "ratio": null, "reason": "",
        "stable": {"requests": 0, "errors": 0, "slow": 0},
        "canary": {"requests": 0, "errors": 0, "slow": 0}}],
    "seen": {
      "stable": {"requests": 950, "errors": 9, "slow": 2, "samples": []},
      "canary": {"requests": 44, "errors": 5, "slow": 1, "samples": [
        {"unix_ms": 1700000000123, "method": "GET", "path": "/cart", "status": 500,
          "latency_seconds": 0.0124, "ending": "answered", "error": true, "slow": false,
          "request_id": "r-1", "trace_id": "t-1"},
        {"unix_ms": 1700000001123, "method": "POST", "path": "/pay", "status": 502,
          "latency_seconds": 1.5, "ending": "reset", "error": true, "slow": true,
          "request_id": "r-2", "trace_id": "t-2"}]}}})");
}

RolloutView rolled_back() {
  auto body = sample_rollout().as_object();
  const auto why = sample_why();
  for (const auto& member : why.as_object()) body[member.key()] = member.value();
  return read_rollout(body);
}

json::value past(json::object more = {}) {
  auto rollout = sample_why().as_object();
  rollout["epoch"] = 7;
  rollout["revision"] = "v2";
  rollout["canary"] = "green";
  rollout["ended"] = "rolled_back";
  rollout["started_unix_ms"] = 1'700'000'000'000;
  rollout["greatest_weight_percent"] = 25;
  for (const auto& member : more) rollout[member.key()] = member.value();
  return json::object{{"rollouts", json::array{std::move(rollout)}}};
}

TEST(Why, NamesGuardCountsRatioEvidenceThresholdAndSamples) {
  EXPECT_THAT(
      why_lines(rolled_back().why, 10),
      ElementsAre(
          "  guard errors: evidence 5029 of 100, ratio 12.5; requests 40 canary, 900 stable",
          "  canary: 44 requests, 5 errors, 1 slow",
          "    22:13:20 GET /cart 500, 12 ms, request r-1, trace t-1",
          "    22:13:21 POST /pay 502 (reset), 1500 ms, request r-2, trace t-2",
          "  stable: 950 requests, 9 errors, 2 slow"));
}

TEST(Why, ShowsTheLastSamplesWhereFewAreWanted) {
  const auto lines = why_lines(rolled_back().why, 1);
  EXPECT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[2], testing::HasSubstr("request r-2"));
}

TEST(Why, IsSilentWhereNothingIsKnown) {
  EXPECT_THAT(why_lines(read_rollout(sample_rollout()).why, 10), IsEmpty())
      << "a proxy of an earlier version";
  EXPECT_THAT(why_lines({}, 10), IsEmpty());
}

TEST(Why, SaysWhereARatioIsNotKnown) {
  auto view = rolled_back();
  view.why.guard = "health";
  EXPECT_EQ(why_lines(view.why, 10).front(),
            "  guard health: 100% of 50%, ratio not known; requests 0 canary, 0 stable");
}

TEST(Why, TakesNoPathForATerminalCommand) {
  auto body = sample_why();
  body.at_pointer("/seen/canary/samples/0/path") = "/\x1b[2J";
  auto whole = sample_rollout().as_object();
  whole["seen"] = body.at("seen");
  EXPECT_EQ(read_rollout(whole).why.canary.samples[0].path, "/?[2J");
}

TEST(Past, BeginsWithALineOnItsEndAndTheReason) {
  const auto lines = past_lines(read_history(past()).at(0), 3);
  EXPECT_EQ(lines[0],
            "epoch 7  rolled_back by errors  green at most 25%  2023-11-14 22:14:20 UTC after 60 s"
            "  revision v2");
  EXPECT_EQ(lines[1], "  errors: too many");
  EXPECT_EQ(lines.size(), 7U);
}

TEST(Past, SaysWhatNobodyKnows) {
  const json::object no_beginning{{"started_unix_ms", 0}, {"revision", ""}};
  EXPECT_EQ(past_lines(read_history(past(no_beginning)).at(0), 3)[0],
            "epoch 7  rolled_back by errors  green at most 25%  2023-11-14 22:14:20 UTC");
  const json::object no_end{
      {"last_transition",
       {{"unix_ms", 0}, {"who", ""}, {"kind", ""}, {"reason", ""}, {"guard", ""}}},
      {"ended", "unknown"},
      {"revision", ""}};
  EXPECT_EQ(past_lines(read_history(past(no_end)).at(0), 3)[0],
            "epoch 7  unknown  green at most 25%  end not known");
}

TEST(Past, IsNotMadeOfSomethingElse) {
  EXPECT_ANY_THROW(read_history(json::parse("[]")));
  EXPECT_ANY_THROW(read_history(json::parse(R"({"rollouts": [{}]})")));
}

}  // namespace
}  // namespace weir::cli
