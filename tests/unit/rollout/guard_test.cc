#include "rollout/guard.h"

#include <gtest/gtest.h>

#include "scenario.h"

namespace weir::rollout {
namespace {

using namespace scenario;
using outcomes::EvidenceCounts;
using outcomes::Observation;

constexpr PoolHealth whole_pool{4, 4};

RolloutPolicy without_guards() {
  RolloutPolicy policy;
  policy.errors.reset();
  policy.health.reset();
  policy.outage.reset();
  return policy;
}

RolloutPolicy only(const ErrorThreshold& rule) {
  auto policy = without_guards();
  policy.error_threshold = rule;
  return policy;
}

RolloutPolicy only(const LatencyThreshold& rule) {
  auto policy = without_guards();
  policy.latency_threshold = rule;
  return policy;
}

RolloutPolicy only(const HealthGuard& rule) {
  auto policy = without_guards();
  policy.health = rule;
  return policy;
}

RolloutPolicy only(const OutageGuard& rule) {
  auto policy = without_guards();
  policy.outage = rule;
  return policy;
}

Assessment assess(const RolloutPolicy& policy, const Observation& seen,
                  const PoolHealth& pool = whole_pool) {
  GuardPanel panel(policy);
  panel.observe(seen, pool, at(0ms));
  return panel.assess(at(0ms)).at(0);
}

/// Shares of one bad thing, in a table that serves both errors and slowness.
struct ShareRow {
  const char* name;
  std::uint64_t stable_bad, stable_requests, canary_bad, canary_requests;
  Weight weight;
  Verdict verdict;
  double value, threshold;
};

// floor 2 %, tolerance 1.5, at least 50 requests
constexpr auto five = Weight::percent(5);
const ShareRow share_rows[] = {
    {"nothing seen", 0, 0, 0, 0, five, Verdict::insufficient, 0, 0.02},
    {"one request short", 0, 1000, 49, 49, five, Verdict::insufficient, 1, 0.02},
    {"just enough, all good", 0, 1000, 0, 50, five, Verdict::fine, 0, 0.02},
    {"at the floor", 0, 1000, 1, 50, five, Verdict::fine, 0.02, 0.02},
    {"above the floor", 0, 1000, 2, 50, five, Verdict::worse, 0.04, 0.02},
    {"stable below the floor", 10, 1000, 3, 100, five, Verdict::worse, 0.03, 0.02},
    {"at what stable allows", 20, 1000, 3, 100, five, Verdict::fine, 0.03, 0.03},
    {"above what stable allows", 20, 1000, 4, 100, five, Verdict::worse, 0.04, 0.03},
    {"both as bad as each other", 400, 1000, 40, 100, five, Verdict::fine, 0.4, 0.6},
    {"all of both", 1000, 1000, 100, 100, five, Verdict::fine, 1, 1.5},
    {"stable idle", 0, 0, 3, 100, five, Verdict::worse, 0.03, 0.02},
    {"no control at 100 %", 400, 1000, 3, 100, Weight::all(), Verdict::worse, 0.03, 0.02},
    {"no control, at the floor", 400, 1000, 2, 100, Weight::all(), Verdict::fine, 0.02, 0.02},
};

void expect_as_in(const ShareRow& row, const Assessment& found) {
  EXPECT_EQ(found.verdict, row.verdict) << row.name << ": " << found.reason;
  EXPECT_DOUBLE_EQ(found.value, row.value) << row.name;
  EXPECT_DOUBLE_EQ(found.threshold, row.threshold) << row.name;
  EXPECT_EQ(found.canary.requests, row.canary_requests) << row.name;
  EXPECT_EQ(found.stable.requests, row.stable_requests) << row.name;
  EXPECT_FALSE(found.reason.empty()) << row.name;
}

TEST(ErrorThresholds, JudgesTheShareOfErrors) {
  for (const auto& row : share_rows) {
    const Observation seen{{row.stable_requests, row.stable_bad, 0},
                           {row.canary_requests, row.canary_bad, row.canary_requests},
                           row.weight};
    expect_as_in(row, assess(only(ErrorThreshold{}), seen));
  }
}

TEST(LatencyThresholds, JudgesTheShareOfSlowExchanges) {
  LatencyThreshold rule;
  rule.floor = Weight::percent(2);
  for (const auto& row : share_rows) {
    const Observation seen{{row.stable_requests, 0, row.stable_bad},
                           {row.canary_requests, row.canary_requests, row.canary_bad},
                           row.weight};
    expect_as_in(row, assess(only(rule), seen));
  }
}

TEST(HealthGuard, JudgesTheShareOfHealthyEndpoints) {
  struct Row {
    std::uint32_t healthy, total;
    Weight needed;
    Verdict verdict;
  };
  const Row rows[] = {
      {0, 0, Weight::percent(50), Verdict::insufficient},
      {0, 0, Weight::percent(0), Verdict::insufficient},
      {4, 4, Weight::percent(50), Verdict::fine},
      {2, 4, Weight::percent(50), Verdict::fine},
      {1, 4, Weight::percent(50), Verdict::worse},
      {0, 1, Weight::percent(1), Verdict::worse},
      {0, 1, Weight::percent(0), Verdict::fine},
      {99, 100, Weight::all(), Verdict::worse},
      {100, 100, Weight::all(), Verdict::fine},
      {1, 3, *Weight::from_basis_points(3'333), Verdict::fine},
      {1, 3, *Weight::from_basis_points(3'334), Verdict::worse},
  };
  for (const auto& [healthy, total, needed, verdict] : rows) {
    const auto found =
        assess(only(HealthGuard{GuardAction::rollback, needed}), {}, {healthy, total});
    EXPECT_EQ(found.verdict, verdict) << found.reason;
    EXPECT_DOUBLE_EQ(found.value, total == 0 ? 0 : static_cast<double>(healthy) / total);
    EXPECT_DOUBLE_EQ(found.threshold, needed.ratio());
  }
}

TEST(HealthGuard, BelievesTheLastObservation) {
  GuardPanel panel(only(HealthGuard{}));
  EXPECT_EQ(panel.assess(at(0ms)).at(0).verdict, Verdict::insufficient) << "nothing observed";
  panel.observe({}, {0, 4}, at(0ms));
  EXPECT_EQ(panel.assess(at(0ms)).at(0).verdict, Verdict::worse);
  panel.observe({}, {4, 4}, at(1ms));
  EXPECT_EQ(panel.assess(at(1ms)).at(0).verdict, Verdict::fine);
}

TEST(OutageGuard, IsWorseOnlyWhereBothFail) {
  struct Row {
    const char* name;
    EvidenceCounts stable, canary;
    Verdict verdict;
  };
  const Row rows[] = {
      {"nothing seen", {}, {}, Verdict::insufficient},
      {"one canary request short", {1000, 900}, {19, 19}, Verdict::insufficient},
      {"one stable request short", {19, 19}, {1000, 900}, Verdict::insufficient},
      {"both well", {1000, 0}, {20, 0}, Verdict::fine},
      {"canary alone", {1000, 50}, {20, 20}, Verdict::fine},
      {"stable alone", {1000, 1000}, {20, 1}, Verdict::fine},
      {"both just above the floor", {1000, 51}, {100, 6}, Verdict::worse},
      {"both entirely", {1000, 1000}, {20, 20}, Verdict::worse},
      {"the same client's again and again", {1000, 500, 0, 499}, {20, 9, 0, 8}, Verdict::worse},
  };
  for (const auto& [name, stable, canary, verdict] : rows) {
    const auto found = assess(only(OutageGuard{}), {stable, canary, five});
    EXPECT_EQ(found.verdict, verdict) << name << ": " << found.reason;
    EXPECT_EQ(found.action, GuardAction::warn) << name;
  }
}

TEST(OutageGuard, IsOverWithItsWindow) {
  const OutageGuard rule{.window = Milliseconds(1'000)};
  GuardPanel panel(only(rule));
  panel.observe({{100, 90}, {100, 90}, five}, whole_pool, at(0ms));
  EXPECT_EQ(panel.assess(at(900ms)).at(0).verdict, Verdict::worse);
  panel.observe({{100, 0}, {100, 0}, five}, whole_pool, at(1'100ms));
  EXPECT_EQ(panel.assess(at(1'100ms)).at(0).verdict, Verdict::fine);
}

TEST(Guards, ExplainThemselves) {
  const Observation bad{{1000, 10, 100}, {40, 5, 10}, five};
  const ErrorThreshold errors{.min_requests = 40};
  const LatencyThreshold latency{.min_requests = 40};
  EXPECT_EQ(assess(only(errors), bad).reason, "error_threshold: canary 12.5% (5/40) above 2%");
  EXPECT_EQ(
      assess(only(latency), bad).reason,
      "latency_threshold: canary 25% (10/40) slower than 1 s, above 15%, stable 10% (100/1000)");
  EXPECT_EQ(assess(only(ErrorThreshold{}), bad).reason,
            "error_threshold: canary 12.5% (5/40), needs 50 requests, threshold 2%");
  EXPECT_EQ(assess(only(LatencyThreshold{}), {}).reason,
            "latency_threshold: canary 0% (0/0) slower than 1 s, needs 50 requests, threshold 5%");
  EXPECT_EQ(assess(only(errors), {{}, {300, 1, 0}, five}).reason,
            "error_threshold: canary 0.33% (1/300) within 2%");
  EXPECT_EQ(assess(only(HealthGuard{}), {}, {1, 4}).reason,
            "health: canary 25% (1/4) healthy, below 50%");
  EXPECT_EQ(assess(only(HealthGuard{}), {}, {3, 4}).reason,
            "health: canary 75% (3/4) healthy, not below 50%");
  EXPECT_EQ(assess(only(HealthGuard{}), {}, {0, 0}).reason,
            "health: canary has no known endpoints");
  EXPECT_EQ(assess(only(OutageGuard{}), {{1000, 300}, {40, 10}, five}).reason,
            "outage: stable 30% (300/1000), canary 25% (10/40), both above 5%");
  EXPECT_EQ(assess(only(OutageGuard{}), {{1000, 300}, {40, 1}, five}).reason,
            "outage: stable 30% (300/1000), canary 2.5% (1/40), not both above 5%");
  EXPECT_EQ(assess(only(OutageGuard{}), {{1000, 300}, {4, 1}, five}).reason,
            "outage: stable 30% (300/1000), canary 25% (1/4), needs 20 requests of each");
}

RolloutPolicy only(const ErrorGuard& guard) {
  auto policy = without_guards();
  policy.errors = guard;
  return policy;
}

TEST(Guards, ExplainTheirEvidence) {
  const auto text = [](const Observation& seen) { return assess(only(ErrorGuard{}), seen).reason; };
  EXPECT_EQ(text({{1000, 2, 0}, {40, 5, 0}, five}),
            "errors: canary 12.5% (5/40) against stable 0.2% (2/1000): evidence 5029 above 100");
  EXPECT_EQ(text({{1000, 2, 0}, {100, 0, 0}, five}),
            "errors: canary 0% (0/100) against stable 0.2% (2/1000): evidence 0.236, "
            "not above 5%");
  EXPECT_EQ(text({{76, 0, 0}, {4, 0, 0}, five}),
            "errors: canary 0% (0/4) against stable 0% (0/76): evidence 0.45, "
            "too few to tell from 5%");
  EXPECT_EQ(text({{}, {6, 6, 0}, Weight::percent(90)}),
            "errors: canary 100% (6/6) against stable 0% (0/0): evidence 0.716, "
            "too few to tell from 5%");
  EXPECT_EQ(text({{}, {4, 4, 0}, Weight::all()}),
            "errors: canary 100% (4/4) against stable 0% (0/0) before: evidence 211 above 100");
  RolloutPolicy policy = without_guards();
  policy.latency = LatencyGuard{};
  EXPECT_EQ(assess(policy, {{1000, 0, 10}, {40, 0, 10}, five}).reason,
            "latency: canary 25% (10/40) slower than 1 s, against stable 1% (10/1000): "
            "evidence 1.33e+06 above 100");
}

TEST(Guards, CarryTheirEvidenceAsNumbers) {
  const auto found = assess(only(ErrorGuard{}), {{1000, 2, 0}, {40, 5, 0}, five});
  EXPECT_EQ(found.measure, Measure::evidence);
  EXPECT_GT(found.value, found.threshold);
  EXPECT_DOUBLE_EQ(found.threshold, 100);
  EXPECT_NEAR(found.ratio.value(), 62.5, 1e-9);
  EXPECT_EQ(found.canary, (EvidenceCounts{40, 5}));
  EXPECT_EQ(found.stable, (EvidenceCounts{1000, 2}));
}

TEST(Guards, ForgetWhatLeftTheWindow) {
  GuardPanel panel(only(ErrorThreshold{.window = 2s}));
  panel.observe({{}, {100, 100, 0}, five}, whole_pool, at(0ms));
  EXPECT_EQ(panel.assess(at(1'899ms)).at(0).verdict, Verdict::worse);
  EXPECT_EQ(panel.assess(at(2s)).at(0).verdict, Verdict::insufficient);
}

TEST(Guards, RecoverOnceTheBadTimesLeftTheWindow) {
  GuardPanel panel(only(ErrorThreshold{.window = 2s}));
  panel.observe({{}, {100, 100, 0}, five}, whole_pool, at(0ms));
  panel.observe({{}, {100, 0, 0}, five}, whole_pool, at(1s));
  EXPECT_EQ(panel.assess(at(1s)).at(0).verdict, Verdict::worse);
  EXPECT_EQ(panel.assess(at(2s)).at(0).verdict, Verdict::fine);
}

TEST(GuardPanel, HasTheGuardsOfThePolicyEachWithItsAction) {
  RolloutPolicy policy;
  policy.errors = ErrorGuard{.action = GuardAction::hold};
  policy.latency = LatencyGuard{.action = GuardAction::warn};
  policy.error_threshold = ErrorThreshold{.action = GuardAction::warn};
  policy.latency_threshold = LatencyThreshold{.action = GuardAction::hold};
  policy.health = HealthGuard{.action = GuardAction::rollback};
  policy.outage = OutageGuard{.action = GuardAction::hold};
  std::vector<std::pair<std::string, GuardAction>> guards;
  for (const auto& found : GuardPanel(policy).assess(at(0ms))) {
    guards.emplace_back(found.guard, found.action);
  }
  EXPECT_EQ(guards, (decltype(guards){{"errors", GuardAction::hold},
                                      {"latency", GuardAction::warn},
                                      {"error_threshold", GuardAction::warn},
                                      {"latency_threshold", GuardAction::hold},
                                      {"health", GuardAction::rollback},
                                      {"outage", GuardAction::hold}}));
}

TEST(GuardPanel, OfAPolicyWithoutGuardsIsEmpty) {
  EXPECT_TRUE(GuardPanel(without_guards()).assess(at(0ms)).empty());
}

}  // namespace
}  // namespace weir::rollout
