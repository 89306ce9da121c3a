#include "admin/metrics_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "sample_status.h"

namespace weir::admin {
namespace {

using prometheus::MetricType;
using testing::MatchesRegex;

/// One transition waits for "ops", after a try that failed; "chat" has refused it.
rollout_loop::NoticeQueue notices_to_ops() {
  auto plan = std::make_shared<Plan>();
  plan->notifications.webhooks.resize(2);
  plan->notifications.webhooks[0].name = "ops";
  plan->notifications.webhooks[1].name = "chat";
  rollout_loop::NoticeQueue notices;
  notices.follow(std::move(plan));
  notices.add(sample_event());
  notices.failed("ops", "status 503");
  const auto refused = *notices.first_for("chat");
  notices.end(refused, rollout_loop::NoticeEnd::refused);
  return notices;
}

MetricsReading sample_reading() {
  MetricsReading reading;
  reading.services = {sample_status("shop"), sample_status("api")};
  reading.pools.resize(2);
  reading.pools[0][Version::blue] = {5, 6, 7};
  reading.process.rejections = {{"bad_request_line", 3}, {"no_route", 0}};
  reading.process.connections_active = 11;
  reading.process.log_lines_lost = 12;
  reading.process.failures_lost = 14;
  reading.process.samples_lost = 15;
  reading.history = {.dropped = 16, .write_failures = 17, .set_aside = 18};
  reading.process.limits = {{"limits.connections", 13}};
  reading.transitions[{"shop", "step"}] = 2;
  reading.persist_failures = 4;
  reading.notices = notices_to_ops();
  return reading;
}

std::string text_of(const MetricsReading& reading) {
  return prometheus::TextSerializer().Serialize(metric_families(reading));
}

/// Each sample by its whole name, labels included.
std::map<std::string, double> samples_in(const std::string& text) {
  std::map<std::string, double> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const auto space = line.rfind(' ');
    const auto [entry, fresh] =
        samples.emplace(line.substr(0, space), std::strtod(line.c_str() + space + 1, nullptr));
    EXPECT_TRUE(fresh) << "twice: " << entry->first;
  }
  return samples;
}

TEST(Metrics, AreValidPrometheusText) {
  const std::string label = "[a-z_]+=\"[^\"\\]*\"";
  const std::string labels = "(\\{(" + label + "(," + label + ")*)?\\})?";
  const std::string sample = "[a-z_]+" + labels + " ([0-9.e+-]+|NaN|[+-]Inf)";
  std::istringstream lines(text_of(sample_reading()));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, MatchesRegex(line.starts_with('#') ? "# (HELP|TYPE) [a-z_]+ .+" : sample));
  }
}

TEST(Metrics, EveryCounterSaysTotalAndEveryNameIsPrefixed) {
  for (const auto& family : metric_families(sample_reading())) {
    EXPECT_TRUE(family.name.starts_with("weir_")) << family.name;
    EXPECT_FALSE(family.help.empty()) << family.name;
    const bool total = family.name.ends_with("_total");
    EXPECT_EQ(total, family.type == MetricType::Counter) << family.name;
    if (family.type == MetricType::Histogram) {
      EXPECT_TRUE(family.name.ends_with("_seconds")) << family.name;
    }
  }
}

TEST(Metrics, NothingButGaugesSaysRole) {
  const std::set<std::string> allowed{
      "service", "version", "role",   "code_class", "state", "phase",   "guard",         "verdict",
      "kind",    "reason",  "result", "limit",      "hook",  "webhook", "original_class"};
  for (const auto& family : metric_families(sample_reading())) {
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) {
        EXPECT_TRUE(allowed.contains(label.name)) << family.name << ' ' << label.name;
        EXPECT_TRUE(label.name != "role" || family.type == MetricType::Gauge) << family.name;
      }
    }
  }
}

TEST(Metrics, ShowWhatWasCounted) {
  const auto samples = samples_in(text_of(sample_reading()));
  const std::map<std::string, double> expected{
      {R"(weir_requests_total{service="shop",version="blue",code_class="2xx"})", 880},
      {R"(weir_requests_total{service="shop",version="blue",code_class="none"})", 1},
      {R"(weir_retries_total{service="shop",version="blue"})", 3},
      {R"(weir_shielded_total{service="shop",version="green"})", 4},
      {R"(weir_tunnels{service="shop",version="blue"})", 2},
      {R"(weir_tunnels_opened_total{service="shop",version="blue"})", 9},
      {R"(weir_tunnels_closed_by_switch_total{service="shop",version="blue"})", 5},
      {R"(weir_active_requests{service="shop",version="green"})", 2},
      {R"(weir_pool_endpoints{service="shop",version="blue",state="ejected"})", 1},
      {R"(weir_pool_endpoints{service="shop",version="green",state="unknown"})", 1},
      {R"(weir_ejections_total{service="shop",version="blue"})", 5},
      {R"(weir_health_checks_failed_total{service="shop",version="blue"})", 6},
      {R"(weir_dns_failures_total{service="shop",version="blue"})", 7},
      {R"(weir_version_role{service="shop",version="green",role="canary"})", 1},
      {R"(weir_rollout_weight_ratio{service="shop"})", 0.125},
      {R"(weir_rollout_phase{service="shop",phase="Progressing"})", 1},
      {R"(weir_rollout_phase{service="shop",phase="Degraded"})", 0},
      {R"(weir_rollout_epoch{service="shop"})", 7},
      {R"(weir_rollout_waiting{service="shop",reason="capacity"})", 1},
      {R"(weir_rollout_waiting{service="shop",reason="freeze"})", 0},
      {R"(weir_rollout_waiting{service="shop",reason="evidence"})", 0},
      {R"(weir_rollout_frozen{service="shop"})", 1},
      {R"(weir_rollout_driver_silent_seconds{service="shop"})", 2.5},
      {R"(weir_rollout_warm_seconds{service="shop"})", 0},
      {R"(weir_load_requests_per_second{service="shop"})", 250.5},
      {R"(weir_pool_capacity_requests_per_second{service="shop",version="green"})", 100},
      {R"(weir_transitions_total{service="shop",kind="scale-down"})", 0},
      {R"(weir_guard_value{service="shop",guard="errors"})", 240},
      {R"(weir_guard_threshold{service="shop",guard="errors"})", 100},
      {R"(weir_guard_ratio{service="shop",guard="errors"})", 12.5},
      {R"(weir_repeated_failures_total{service="shop",version="green"})", 6},
      {R"(weir_failing_keys_overflow_total{service="shop"})", 8},
      {R"(weir_guard_evidence{service="shop",guard="errors",version="green"})", 40},
      {R"(weir_guard_verdict{service="shop",guard="errors",verdict="worse"})", 1},
      {R"(weir_transitions_total{service="shop",kind="step"})", 2},
      {R"(weir_transitions_total{service="api",kind="rollback"})", 0},
      {R"(weir_rejected_requests_total{reason="bad_request_line"})", 3},
      {R"(weir_rejected_requests_total{reason="no_route"})", 0},
      {R"(weir_client_connections{state="active"})", 11},
      {"weir_log_lost_total", 12},
      {"weir_failures_lost_total", 14},
      {"weir_samples_lost_total", 15},
      {"weir_history_dropped_total", 16},
      {"weir_history_write_failures_total", 17},
      {"weir_history_set_aside_total", 18},
      {R"(weir_limit{limit="limits.connections"})", 13},
      {"weir_state_persist_failures_total", 4},
      {R"(weir_hook_calls_total{service="shop",hook="qa",result="error"})", 9},
      {R"(weir_hook_calls_total{service="shop",hook="qa",result="pass"})", 0},
      {R"(weir_mirror_requests_total{service="shop",version="green",result="same_status"})", 20},
      {R"(weir_mirror_requests_total{service="shop",version="green",result="dropped"})", 1},
      {R"(weir_mirror_requests_total{service="shop",version="blue",result="failed"})", 0},
      {R"(weir_mirror_answers_total{service="shop",version="green",code_class="5xx",)"
       R"(original_class="2xx"})",
       3},
      {R"(weir_mirror_answers_total{service="shop",version="green",code_class="2xx",)"
       R"(original_class="5xx"})",
       0},
      {R"(weir_mirror_copy_seconds_sum{service="shop",version="green"})", 0.5},
      {R"(weir_mirror_copy_seconds_bucket{service="shop",version="green",le="0.01"})", 0},
      {R"(weir_mirror_copy_seconds_bucket{service="shop",version="green",le="0.025"})", 25},
      {R"(weir_mirror_original_seconds_sum{service="shop",version="green"})", 0.2},
      {R"(weir_mirror_original_seconds_bucket{service="shop",version="green",le="0.01"})", 25},
      {R"(weir_notifications_waiting{webhook="ops"})", 1},
      {R"(weir_notification_failed_tries_total{webhook="ops"})", 1},
      {R"(weir_notifications_total{webhook="chat",result="refused"})", 1},
      {R"(weir_notifications_total{webhook="ops",result="delivered"})", 0},
  };
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(samples.contains(name)) << name;
    EXPECT_DOUBLE_EQ(samples.at(name), value) << name;
  }
}

TEST(Metrics, SayNothingOfCopiesWhereNoneAreMade) {
  auto reading = sample_reading();
  for (auto& service : reading.services) service.mirror.reset();
  EXPECT_EQ(text_of(reading).find("mirror"), std::string::npos);
}

TEST(Metrics, TheHistogramIsCumulativeInSecondsAndEndsAtInfinity) {
  const auto samples = samples_in(text_of(sample_reading()));
  const std::string labels = R"({service="shop",version="blue")";
  double previous = 0;
  for (const auto* bound : {"0.001", "0.002", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25",
                            "0.5", "1", "2.5", "5", "10", "+Inf"}) {
    const auto name = "weir_request_seconds_bucket" + labels + ",le=\"" + bound + "\"}";
    ASSERT_TRUE(samples.contains(name)) << name;
    EXPECT_GE(samples.at(name), previous) << name;
    previous = samples.at(name);
  }
  EXPECT_EQ(previous, samples.at("weir_request_seconds_count" + labels + "}"));
  EXPECT_EQ(previous, 909);
  EXPECT_DOUBLE_EQ(samples.at("weir_request_seconds_sum" + labels + "}"), 4.5);
}

}  // namespace
}  // namespace weir::admin
