#include "rollout/guards.h"
#include "rollout/share_rule.h"

namespace weir::rollout {
namespace {

class ErrorShare final : public Guard {
 public:
  explicit ErrorShare(const ErrorThreshold& rule)
      : rule_{"error_threshold",
              "",
              rule.action,
              rule.min_requests,
              rule.floor,
              rule.tolerance,
              &outcomes::EvidenceCounts::errors},
        window_(rule.window) {}

  void observe(const outcomes::Observation& observation, const PoolHealth&, Instant now) override {
    window_.add(observation, now);
  }

  Assessment assess(Instant now) const override { return compare(rule_, window_.sum(now)); }

 private:
  ShareRule rule_;
  outcomes::EvidenceWindow window_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const ErrorThreshold& rule) {
  return std::make_unique<ErrorShare>(rule);
}

}  // namespace weir::rollout
