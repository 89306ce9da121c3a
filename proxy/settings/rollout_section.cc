#include "settings/rollout_section.h"

#include <string>
#include <utility>
#include <variant>

namespace weir::settings {
namespace {

std::vector<Step> read_steps(const std::vector<Section>& sections) {
  std::vector<Step> steps;
  std::optional<Weight> before;
  for (const auto& section : sections) {
    Step& step = steps.emplace_back();
    section.read("hold", step.hold);
    section.read("min_requests", step.min_requests);
    section.read("manual_gate", step.manual_gate);
    if (!section.read("weight", step.weight)) continue;
    if (before && step.weight <= *before) {
      section.report("weight", in_quotes(percent_text(step.weight)) +
                                   " does not rise; allowed: above the step before it, " +
                                   percent_text(*before));
    }
    before = step.weight;
  }
  return steps;
}

/// The table's own text for the ramp, read like anybody's.
std::vector<Step> default_steps() {
  const std::string text =
      "steps: " + std::string(find_key("services[].rollout.steps")->default_text);
  const auto value = parse(text);
  Mistakes none;
  const Place place{"default", "services[].rollout"};
  return read_steps(Section(&std::get<Value>(value), place, 0, none).children("steps"));
}

/// What the two guards that compare ratios have in common.
template <class Guard>
void read_ratio_guard(const Section& section, Guard& guard) {
  section.read_choice("action", guard.action);
  section.read("window", guard.window);
  section.read("min_requests", guard.min_requests);
  section.read("floor", guard.floor);
  section.read("tolerance", guard.tolerance);
}

void read_guard(const Section& section, ErrorGuard& guard) { read_ratio_guard(section, guard); }

void read_guard(const Section& section, LatencyGuard& guard, std::optional<Milliseconds> response) {
  read_ratio_guard(section, guard);
  section.read("slower_than", guard.slower_than);
  if (!section.sound() || !response || guard.slower_than < *response) return;
  section.report("slower_than", "can never be seen; allowed: below timeouts.response, " +
                                    std::to_string(response->count()) + "ms");
}

void read_guard(const Section& section, HealthGuard& guard) {
  section.read_choice("action", guard.action);
  section.read("min_healthy", guard.min_healthy);
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

}  // namespace

RolloutPolicy read_rollout(const Section& section, std::optional<Milliseconds> response) {
  static const std::vector<Step> ramp = default_steps();
  RolloutPolicy policy;
  policy.steps = section.has("steps") ? read_steps(section.children("steps")) : ramp;
  const Section guards = section.child("guards");
  read_switchable(guards, "errors", policy.errors);
  read_switchable(guards, "latency", policy.latency, response);
  read_switchable(guards, "health", policy.health);
  section.read("driver_timeout", policy.driver_timeout);
  return policy;
}

}  // namespace weir::settings
