#include "rollout/guards.h"
#include "rollout/share_rule.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

class HealthyShare final : public Guard {
 public:
  explicit HealthyShare(const HealthGuard& rule) : rule_(rule) {}

  void observe(const outcomes::Observation&, const PoolHealth& canary_pool, Instant) override {
    pool_ = canary_pool;
  }

  Assessment assess(Instant) const override {
    Assessment seen;
    seen.guard = "health";
    seen.action = rule_.action;
    seen.value = share_of(pool_.healthy, pool_.total);
    seen.threshold = rule_.min_healthy.ratio();
    seen.verdict = verdict();
    seen.reason = explain(seen.verdict);
    return seen;
  }

 private:
  Verdict verdict() const noexcept {
    if (pool_.total == 0) return Verdict::insufficient;
    const auto healthy = std::uint64_t{pool_.healthy} * Weight::whole;
    const auto needed = std::uint64_t{pool_.total} * rule_.min_healthy.basis_points();
    return healthy < needed ? Verdict::worse : Verdict::fine;
  }

  std::string explain(Verdict found) const {
    if (found == Verdict::insufficient) return "health: canary has no known endpoints";
    const auto share = share_text(pool_.healthy, pool_.total);
    const auto* side = found == Verdict::worse ? " below " : " not below ";
    return "health: canary " + share + " healthy," + side + percent_text(rule_.min_healthy);
  }

  HealthGuard rule_;
  PoolHealth pool_;
};

}  // namespace

std::unique_ptr<Guard> guard_for(const HealthGuard& rule) {
  return std::make_unique<HealthyShare>(rule);
}

}  // namespace weir::rollout
