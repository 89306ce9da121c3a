#include "rollout/share_rule.h"

#include <algorithm>

#include "rollout/wording.h"

namespace weir::rollout {
namespace {

// A handful of stable requests is no control: one error among them would excuse a bad canary.
bool has_control(const ShareRule& rule, const outcomes::Observation& seen) noexcept {
  return seen.weight < Weight::all() && seen.stable.requests > 0 &&
         seen.stable.requests >= rule.min_requests;
}

// Multiplies before it divides: 1.5 times 2 of 100 is then exactly 3 of 100.
double tolerated(const ShareRule& rule, const outcomes::Observation& seen) noexcept {
  if (!has_control(rule, seen)) return 0;
  return rule.tolerance * static_cast<double>(seen.stable.*rule.part) /
         static_cast<double>(seen.stable.requests);
}

Verdict verdict_on(const ShareRule& rule, const Assessment& measured) noexcept {
  if (measured.canary.requests < rule.min_requests || measured.canary.requests == 0) {
    return Verdict::insufficient;
  }
  return measured.value > measured.threshold ? Verdict::worse : Verdict::fine;
}

std::string threshold_text(const ShareRule& rule, const Assessment& measured) {
  auto text = ratio_text(measured.threshold);
  if (measured.threshold > rule.floor.ratio()) {
    text += ", stable " + share_text(measured.stable.*rule.part, measured.stable.requests);
  }
  return text;
}

std::string explain(const ShareRule& rule, const Assessment& measured) {
  auto text =
      rule.guard + ": canary " + share_text(measured.canary.*rule.part, measured.canary.requests);
  if (!rule.bad.empty()) text.append(" ").append(rule.bad).append(",");
  switch (measured.verdict) {
    case Verdict::worse:
      return text + " above " + threshold_text(rule, measured);
    case Verdict::fine:
      return text + " within " + threshold_text(rule, measured);
    case Verdict::insufficient:
      break;
  }
  if (rule.bad.empty()) text += ',';
  return text + " needs " + std::to_string(rule.min_requests) + " requests, threshold " +
         threshold_text(rule, measured);
}

}  // namespace

double share_of(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Assessment compare(const ShareRule& rule, const outcomes::Observation& seen) {
  Assessment measured;
  measured.guard = rule.guard;
  measured.action = rule.action;
  measured.stable = seen.stable;
  measured.canary = seen.canary;
  measured.value = share_of(seen.canary.*rule.part, seen.canary.requests);
  measured.threshold = std::max(rule.floor.ratio(), tolerated(rule, seen));
  measured.verdict = verdict_on(rule, measured);
  measured.reason = explain(rule, measured);
  return measured;
}

}  // namespace weir::rollout
