#include "rollout/guards.h"
#include "rollout/sequential_test.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

using outcomes::EvidenceCounts;

/// Puts what a test found into words.
class SequentialGuard final : public Guard {
 public:
  /// `bad`: what the shares are of; "" where the name says it.
  SequentialGuard(std::string name, std::string bad, GuardAction action, BadPart part,
                  SequentialTest test)
      : name_(std::move(name)),
        bad_(std::move(bad)),
        action_(action),
        part_(part),
        test_(std::move(test)) {}

  void observe(const outcomes::Observation& observation, const PoolHealth&, Instant now) override {
    test_.observe(observation, now);
  }

  Assessment assess(Instant now) const override {
    const auto basis = test_.basis();
    Assessment found;
    found.guard = name_;
    found.action = action_;
    found.verdict = test_.verdict(now);
    found.measure = Measure::evidence;
    found.value = test_.evidence();
    found.threshold = test_.threshold();
    found.ratio = test_.ratio();
    found.stable = basis.stable;
    found.canary = basis.canary;
    found.reason = shares(basis) + ": " + finding(found);
    return found;
  }

 private:
  std::string shares(const outcomes::Observation& basis) const {
    auto text = name_ + ": canary " + share(basis.canary);
    if (!bad_.empty()) text.append(" ").append(bad_).append(",");
    text += " against stable " + share(basis.stable);
    return basis.weight == Weight::all() ? text + " before" : text;
  }

  std::string share(const EvidenceCounts& counts) const {
    return share_text(counts.*part_.bad, counts.requests);
  }

  std::string finding(const Assessment& found) const {
    auto evidence = "evidence " + amount_text(found.value);
    const auto limit = ratio_text(test_.limit());
    switch (found.verdict) {
      case Verdict::worse:
        if (found.value < found.threshold) {
          return std::to_string(test_.streak().length()) + " failures in a row";
        }
        return evidence + " above " + amount_text(found.threshold);
      case Verdict::fine:
        return evidence + ", not above " + limit;
      case Verdict::insufficient:
        break;
    }
    return evidence + ", too few to tell from " + limit;
  }

  std::string name_, bad_;
  GuardAction action_;
  BadPart part_;
  SequentialTest test_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const ErrorGuard& guard, const EvidenceCounts& stable_before) {
  return std::make_unique<SequentialGuard>(
      "errors", "", guard.action, errors_part,
      SequentialTest(guard.rule, errors_part, stable_before, guard.failures_in_a_row));
}

std::unique_ptr<Guard> guard_for(const LatencyGuard& guard, const std::string& slow,
                                 const EvidenceCounts& stable_before) {
  return std::make_unique<SequentialGuard>("latency", slow, guard.action, slow_part,
                                           SequentialTest(guard.rule, slow_part, stable_before));
}

}  // namespace weir::rollout
