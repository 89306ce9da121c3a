#include <gtest/gtest.h>

#include "configuration_text.h"
#include "settings/load.h"

namespace weir::settings {
namespace {

Loaded with_rollout(const std::string& text) {
  return load(ConfigurationText{.service = "rollout: {" + text + "}"}.yaml());
}

std::vector<Step> steps_of(const std::string& ramp) {
  const auto loaded = with_rollout("ramp: {" + ramp + "}");
  for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << format(mistake);
  return loaded.plan ? loaded.plan->services.at(0).rollout.steps : std::vector<Step>{};
}

std::string weights(const std::string& ramp) {
  std::string text;
  for (const auto& step : steps_of(ramp)) text += percent_text(step.weight) + ' ';
  return text;
}

TEST(Ramp, RisesByTheSameOrByAFactor) {
  const struct {
    const char* ramp;
    const char* weights;
  } table[] = {
      {"from: 1%, factor: 2", "1% 2% 4% 8% 16% 32% 64% 100% "},
      {"from: 1%, factor: 2, to: 50%", "1% 2% 4% 8% 16% 32% 50% "},
      {"from: 1%, factor: 2, to: 32%", "1% 2% 4% 8% 16% 32% "},
      {"from: 0.1%, factor: 10", "0.1% 1% 10% 100% "},
      {"from: 5%, factor: 1.5, to: 20%", "5% 7.5% 11.25% 16.88% 20% "},
      {"from: 0.01%, factor: 1.5, to: 0.05%", "0.01% 0.02% 0.03% 0.05% "},
      {"from: 20%, by: 20%", "20% 40% 60% 80% 100% "},
      {"from: 5%, by: 30%", "5% 35% 65% 95% 100% "},
      {"from: 10%, by: 10%, to: 35%", "10% 20% 30% 35% "},
      {"from: 100%, by: 1%", "100% "},
      {"from: 7%, to: 7%, factor: 3", "7% "},
  };
  for (const auto& [ramp, expected] : table) EXPECT_EQ(weights(ramp), expected) << ramp;
}

TEST(Ramp, IsAsStepsWrittenOut) {
  const auto made = steps_of("from: 25%, by: 25%, hold: 5m, min_requests: 9, manual_gate: true");
  const auto listed = with_rollout(
      "steps: [{weight: 25%, hold: 5m, min_requests: 9, manual_gate: true}, {weight: 50%, hold: "
      "5m, min_requests: 9, manual_gate: true}, {weight: 75%, hold: 5m, min_requests: 9, "
      "manual_gate: true}, {weight: 100%, hold: 5m, min_requests: 9, manual_gate: true}]");
  EXPECT_EQ(made, listed.plan.value().services.at(0).rollout.steps);
}

TEST(Ramp, DemandsNothingUnlessAsked) {
  EXPECT_EQ(steps_of("from: 100%, by: 1%"), (std::vector<Step>{{.weight = Weight::all()}}));
}

TEST(Ramp, AlwaysRisesAndHasAnEnd) {
  for (const auto* rise : {"by: 1%", "by: 100%", "factor: 1.1", "factor: 100"}) {
    for (const auto* from : {"0.01%", "0.5%", "33.33%", "99.99%", "100%"}) {
      const auto steps = steps_of("from: " + std::string(from) + ", " + rise);
      ASSERT_LE(steps.size(), 101u);
      for (std::size_t i = 1; i < steps.size(); ++i) {
        ASSERT_GT(steps[i].weight, steps[i - 1].weight) << from << ' ' << rise;
      }
      ASSERT_EQ(steps.back().weight, Weight::all());
    }
  }
}

TEST(AutoPromote, OffIsAGateAtTheEndOfAnyRamp) {
  for (const auto* ramp : {"", "ramp: {from: 50%, by: 50%}, ", "steps: [{weight: 9%}], "}) {
    const auto loaded = with_rollout(std::string(ramp) + "auto_promote: false");
    const auto steps = loaded.plan.value().services.at(0).rollout.steps;
    for (const auto& step : steps) {
      EXPECT_EQ(step.manual_gate, &step == &steps.back()) << ramp;
    }
  }
}

TEST(HoldBack, IsTakenOffTheLastStepOfAnyRamp) {
  const struct {
    const char* rollout;
    const char* weights;
  } table[] = {
      {"steps: [{weight: 100%}], hold_back: 1%", "99% "},
      {"ramp: {from: 50%, by: 50%}, hold_back: 0.25%", "50% 99.75% "},
      {"hold_back: 10%", "5% 25% 50% 90% "},
      {"hold_back: 0%", "5% 25% 50% 100% "},
      {"steps: [{weight: 9%}], hold_back: 0%", "9% "},
  };
  for (const auto& [rollout, expected] : table) {
    const auto plan = with_rollout(rollout).plan.value();
    std::string weights;
    for (const auto& step : plan.services.at(0).rollout.steps) {
      weights += percent_text(step.weight) + ' ';
    }
    EXPECT_EQ(weights, expected) << rollout;
  }
}

SlowBound bound_of(const std::string& guards, const std::string& top = {}) {
  const auto loaded =
      load(ConfigurationText{.top = top, .service = "rollout: {guards: {" + guards + "}}"}.yaml());
  for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << format(mistake);
  return loaded.plan->services.at(0).rollout.slower_than().value();
}

TEST(SlowerThan, AutoIsBelowTheDeadlineOfTheResponse) {
  const std::string latency = "latency: {slower_than: auto}";
  EXPECT_EQ(bound_of(latency), (SlowBound{Milliseconds(1'000), Milliseconds(24'999)}));
  EXPECT_EQ(bound_of(latency, "timeouts: {response: 400ms}\n"),
            (SlowBound{Milliseconds(399), Milliseconds(399)}));
  EXPECT_EQ(bound_of("latency_threshold: {slower_than: auto}"), bound_of(latency));
  EXPECT_EQ(bound_of("latency: {slower_than: 40ms}"), (SlowBound{Milliseconds(40), {}}));
}

FreezeWindow window_of(const std::string& text) {
  const auto loaded = with_rollout("freeze: [{" + text + "}]");
  for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << format(mistake);
  return loaded.plan ? loaded.plan->services.at(0).rollout.freeze.at(0) : FreezeWindow{};
}

TEST(Freeze, IsAllTimesOfAllDaysUnlessToldOtherwise) {
  FreezeWindow expected;
  expected.name = "all";
  EXPECT_EQ(window_of("name: all"), expected);
}

TEST(Freeze, IsReadWhole) {
  using namespace std::chrono;
  using namespace std::chrono_literals;
  const FreezeWindow expected{"year's end",
                              *TimeZone::named("Europe/Berlin"),
                              {false, true, false, false, false, false, true},
                              18h + 30min,
                              8h,
                              local_days(2026y / December / 24),
                              local_days(2027y / January / 6)};
  EXPECT_EQ(window_of("name: year's end, zone: Europe/Berlin, days: [tue, sun], from: 18:30, "
                      "to: 08:00, first_day: 2026-12-24, last_day: 2027-01-06"),
            expected);
  EXPECT_TRUE(window_of("name: a, first_day: 2028-02-29").first_day.has_value());
}

}  // namespace
}  // namespace weir::settings
