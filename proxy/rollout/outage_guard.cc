#include <algorithm>

#include "rollout/guards.h"
#include "rollout/share_rule.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

double errors_of(const outcomes::EvidenceCounts& counts) noexcept {
  return share_of(counts.errors, counts.requests);
}

class Outage final : public Guard {
 public:
  explicit Outage(const OutageGuard& rule) : rule_(rule), window_(rule.window) {}

  void observe(const outcomes::Observation& observation, const PoolHealth&, Instant now) override {
    window_.add(observation, now);
  }

  Assessment assess(Instant now) const override {
    const auto seen = window_.sum(now);
    Assessment found;
    found.guard = "outage";
    found.action = rule_.action;
    found.stable = seen.stable;
    found.canary = seen.canary;
    found.value = std::min(errors_of(seen.stable), errors_of(seen.canary));
    found.threshold = rule_.floor.ratio();
    found.verdict = verdict_on(found);
    found.reason = explain(found);
    return found;
  }

 private:
  Verdict verdict_on(const Assessment& found) const noexcept {
    const auto fewer = std::min(found.stable.requests, found.canary.requests);
    if (fewer < rule_.min_requests) return Verdict::insufficient;
    return found.value > found.threshold ? Verdict::worse : Verdict::fine;
  }

  std::string explain(const Assessment& found) const {
    const auto text = "outage: stable " + share_text(found.stable.errors, found.stable.requests) +
                      ", canary " + share_text(found.canary.errors, found.canary.requests);
    if (found.verdict == Verdict::insufficient) {
      return text + ", needs " + std::to_string(rule_.min_requests) + " requests of each";
    }
    const auto* side = found.verdict == Verdict::worse ? ", both above " : ", not both above ";
    return text + side + percent_text(rule_.floor);
  }

  OutageGuard rule_;
  outcomes::EvidenceWindow window_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const OutageGuard& rule) { return std::make_unique<Outage>(rule); }

}  // namespace weir::rollout
