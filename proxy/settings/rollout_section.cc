#include "settings/rollout_section.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "settings/freeze_section.h"
#include "settings/hook_section.h"
#include "settings/ramp_section.h"

namespace weir::settings {
namespace {

void read_rule(const Section& section, SequentialRule& rule) {
  section.read("alpha", rule.alpha);
  section.read("tolerance", rule.tolerance);
  section.read("floor", rule.floor);
  section.read("acceptable", rule.acceptable);
  section.read("acceptable_ratio", rule.acceptable_ratio);
  section.read("beta", rule.beta);
  section.read("window", rule.window);
  if (!section.sound() || !section.has("acceptable") || rule.acceptable >= rule.floor) return;
  section.report("acceptable", in_quotes(percent_text(rule.acceptable)) +
                                   " is below what is never worse; allowed: from the floor, " +
                                   percent_text(rule.floor));
}

// Nothing takes as long as the response's deadline and is answered.
void read_slower_than(const Section& section, SlowBound& bound,
                      std::optional<Milliseconds> response) {
  if (section.says("slower_than", "auto")) {
    bound.p95_up_to = response.value_or(Milliseconds::max()) - Milliseconds(1);
    bound.fixed = std::min(bound.fixed, *bound.p95_up_to);
    return;
  }
  section.read("slower_than", bound.fixed);
  if (!section.sound() || !response || bound.fixed < *response) return;
  section.report("slower_than", "can never be seen; allowed: below timeouts.response, " +
                                    std::to_string(response->count()) + "ms");
}

std::string text_of(const SlowBound& bound) {
  return bound.p95_up_to ? "auto" : std::to_string(bound.fixed.count()) + "ms";
}

void read_guard(const Section& section, ErrorGuard& guard) {
  section.read_choice("action", guard.action);
  read_rule(section, guard.rule);
  section.read("failures_in_a_row", guard.failures_in_a_row);
}

void read_guard(const Section& section, LatencyGuard& guard, std::optional<Milliseconds> response) {
  section.read_choice("action", guard.action);
  read_rule(section, guard.rule);
  read_slower_than(section, guard.slower_than, response);
}

/// What the two thresholds have in common.
template <class Threshold>
void read_threshold(const Section& section, Threshold& threshold) {
  section.read_choice("action", threshold.action);
  section.read("window", threshold.window);
  section.read("min_requests", threshold.min_requests);
  section.read("floor", threshold.floor);
  section.read("tolerance", threshold.tolerance);
}

void read_guard(const Section& section, ErrorThreshold& guard) { read_threshold(section, guard); }

void read_guard(const Section& section, LatencyThreshold& guard,
                std::optional<Milliseconds> response) {
  read_threshold(section, guard);
  read_slower_than(section, guard.slower_than, response);
}

// An exchange is slow or not when it is counted, once for both.
void compare_bounds(const Section& guards, const RolloutPolicy& policy) {
  if (!guards.sound() || !policy.latency || !policy.latency_threshold) return;
  if (policy.latency->slower_than == policy.latency_threshold->slower_than) return;
  guards.child("latency_threshold")
      .report("slower_than",
              "is not what latency says; allowed: " + text_of(policy.latency->slower_than));
}

void read_guard(const Section& section, HealthGuard& guard) {
  section.read_choice("action", guard.action);
  section.read("min_healthy", guard.min_healthy);
}

void read_guard(const Section& section, OutageGuard& guard) {
  section.read_choice("action", guard.action);
  section.read("window", guard.window);
  section.read("min_requests", guard.min_requests);
  section.read("floor", guard.floor);
}

/// "off", or a section that switches the guard on.
template <class Guard, class... Bounds>
void read_switchable(const Section& guards, std::string_view key, std::optional<Guard>& into,
                     Bounds... bounds) {
  if (guards.says(key, "off")) {
    into.reset();
  } else if (guards.has(key)) {
    read_guard(guards.child(key), into.emplace(), bounds...);
  }
}

/// What does not promote by itself has a gate at its end.
void wait_at_the_end(const Section& section, std::vector<Step>& steps) {
  bool automatic = true;
  section.read("auto_promote", automatic);
  if (!automatic && !steps.empty()) steps.back().manual_gate = true;
}

Weight rest_of(Weight share) {
  return *Weight::from_basis_points(Weight::whole - share.basis_points());
}

/// A share of keys that the last step leaves on stable.
void read_hold_back(const Section& section, RolloutPolicy& policy) {
  if (!section.read("hold_back", policy.hold_back)) return;
  if (!section.sound() || policy.hold_back == Weight::none() || policy.steps.empty()) return;
  auto& steps = policy.steps;
  if (steps.back().weight < Weight::all()) {
    return section.report("hold_back", "has no effect; allowed: with a last step of 100%");
  }
  steps.back().weight = rest_of(policy.hold_back);
  if (steps.size() < 2 || steps[steps.size() - 2].weight < steps.back().weight) return;
  const auto before = steps[steps.size() - 2].weight;
  section.report("hold_back", "leaves the last step no more than the one before it, " +
                                  percent_text(before) + "; allowed: below " +
                                  percent_text(rest_of(before)));
}

}  // namespace

RolloutPolicy read_rollout(const Section& section, std::optional<Milliseconds> response) {
  RolloutPolicy policy;
  policy.steps = read_ramp(section);
  read_hold_back(section, policy);
  wait_at_the_end(section, policy.steps);
  const Section guards = section.child("guards");
  read_switchable(guards, "errors", policy.errors);
  read_switchable(guards, "latency", policy.latency, response);
  read_switchable(guards, "error_threshold", policy.error_threshold);
  read_switchable(guards, "latency_threshold", policy.latency_threshold, response);
  read_switchable(guards, "health", policy.health);
  read_switchable(guards, "outage", policy.outage);
  compare_bounds(guards, policy);
  section.read("driver_timeout", policy.driver_timeout);
  section.read("max_wait", policy.max_wait);
  policy.freeze = read_freeze(section);
  section.read("bake", policy.bake);
  policy.hooks = read_hooks(section);
  return policy;
}

}  // namespace weir::settings
