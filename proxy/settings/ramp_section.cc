#include "settings/ramp_section.h"

#include <cmath>
#include <optional>
#include <string>
#include <variant>

namespace weir::settings {
namespace {

void read_demands(const Section& section, Step& step) {
  section.read("hold", step.hold);
  section.read("min_requests", step.min_requests);
  section.read("manual_gate", step.manual_gate);
}

std::vector<Step> read_steps(const std::vector<Section>& sections) {
  std::vector<Step> steps;
  std::optional<Weight> before;
  for (const auto& section : sections) {
    Step& step = steps.emplace_back();
    read_demands(section, step);
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

/// How weights follow from the first one.
struct Rise {
  Weight from;
  Weight to = Weight::all();
  Weight by;          ///< linear; none: exponential
  double factor = 1;  ///< exponential, above 1

  /// Of the step with that number, from 0; not above `to`.
  Weight weight(int number) const {
    const double first = from.basis_points();
    const double points = by > Weight::none()
                              ? first + number * static_cast<double>(by.basis_points())
                              : first * std::pow(factor, number);
    if (points >= to.basis_points()) return to;
    return *Weight::from_basis_points(static_cast<std::uint32_t>(std::lround(points)));
  }
};

// Small weights by a small factor may be the same after rounding: each is one step.
std::vector<Step> steps_of(const Rise& rise, Step step) {
  std::vector<Step> steps;
  step.weight = Weight::none();
  for (int number = 0; step.weight < rise.to; ++number) {
    const auto next = rise.weight(number);
    if (next == step.weight) continue;
    step.weight = next;
    steps.push_back(step);
  }
  return steps;
}

void refuse_contradictions(const Section& section, const Rise& rise) {
  const bool linear = section.has("by"), exponential = section.has("factor");
  if (linear && exponential) {
    section.report("factor", "stands beside 'by'; allowed: one of by, factor");
  } else if (!linear && !exponential) {
    section.report("by", "is missing; allowed: one of by, factor");
  } else if (rise.to < rise.from) {
    section.report(section.has("to") ? "to" : "from",
                   "lets the weight fall; allowed: to is at least from");
  }
}

std::vector<Step> read_rule(const Section& section) {
  Rise rise;
  Step step;
  section.read("from", rise.from);
  section.read("to", rise.to);
  section.read("by", rise.by);
  section.read("factor", rise.factor);
  read_demands(section, step);
  if (section.sound()) refuse_contradictions(section, rise);
  if (!section.sound()) return {};
  return steps_of(rise, step);
}

}  // namespace

std::vector<Step> read_ramp(const Section& rollout) {
  static const std::vector<Step> usual = default_steps();
  if (rollout.has("steps") && rollout.has("ramp")) {
    rollout.report("ramp", "stands beside 'steps'; allowed: one of steps, ramp");
  }
  if (rollout.has("steps")) return read_steps(rollout.children("steps"));
  return rollout.has("ramp") ? read_rule(rollout.child("ramp")) : usual;
}

}  // namespace weir::settings
