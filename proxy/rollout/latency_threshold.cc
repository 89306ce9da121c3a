#include "rollout/guards.h"
#include "rollout/share_rule.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

// Which exchanges are slow was decided when they were counted.
class SlowShare final : public Guard {
 public:
  explicit SlowShare(const LatencyThreshold& rule)
      : bad_("slower than " + duration_text(rule.slower_than)),
        rule_{"latency_threshold",
              bad_,
              rule.action,
              rule.min_requests,
              rule.floor,
              rule.tolerance,
              &outcomes::EvidenceCounts::slow},
        window_(rule.window) {}
  SlowShare(const SlowShare&) = delete;  // rule_ points into bad_
  SlowShare& operator=(const SlowShare&) = delete;

  void observe(const outcomes::Observation& observation, const PoolHealth&, Instant now) override {
    window_.add(observation, now);
  }

  Assessment assess(Instant now) const override { return compare(rule_, window_.sum(now)); }

 private:
  std::string bad_;
  ShareRule rule_;
  outcomes::EvidenceWindow window_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const LatencyThreshold& rule) {
  return std::make_unique<SlowShare>(rule);
}

}  // namespace weir::rollout
