#include "rollout/guards.h"
#include "rollout/share_rule.h"

namespace weir::rollout {
namespace {

/// A plain threshold on the trailing window.
class ShareGuard final : public Guard {
 public:
  ShareGuard(ShareRule rule, Milliseconds window) : rule_(std::move(rule)), window_(window) {}

  void observe(const outcomes::Observation& observation, const PoolHealth&, Instant now) override {
    window_.add(observation, now);
  }

  Assessment assess(Instant now) const override { return compare(rule_, window_.sum(now)); }

 private:
  ShareRule rule_;
  outcomes::EvidenceWindow window_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const ErrorThreshold& guard) {
  ShareRule rule{"error_threshold",
                 "",
                 guard.action,
                 guard.min_requests,
                 guard.floor,
                 guard.tolerance,
                 &outcomes::EvidenceCounts::errors};
  return std::make_unique<ShareGuard>(std::move(rule), guard.window);
}

// Which exchanges are slow was decided when they were counted.
std::unique_ptr<Guard> guard_for(const LatencyThreshold& guard, const std::string& slow) {
  ShareRule rule{"latency_threshold",
                 slow,
                 guard.action,
                 guard.min_requests,
                 guard.floor,
                 guard.tolerance,
                 &outcomes::EvidenceCounts::slow};
  return std::make_unique<ShareGuard>(std::move(rule), guard.window);
}

}  // namespace weir::rollout
