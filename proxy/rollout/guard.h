#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/rollout_policy.h"
#include "outcomes/evidence.h"

namespace weir::rollout {

/// Missing evidence is never a pass and never a failure.
enum class Verdict : std::uint8_t { insufficient, fine, worse };

std::string_view name_of(Verdict verdict) noexcept;

struct PoolHealth {
  std::uint32_t healthy = 0;
  std::uint32_t total = 0;
};

/// What a guard thinks and what it thinks it from; enough to explain a rollback.
struct Assessment {
  std::string guard;  ///< "errors", "latency", "health"
  GuardAction action = GuardAction::rollback;
  Verdict verdict = Verdict::insufficient;
  double value = 0;      ///< canary's ratio, or whatever the rule compares
  double threshold = 0;  ///< what `value` must not pass; health: must not fall below
  outcomes::EvidenceCounts stable, canary;  ///< counts behind it
  std::string reason;                       ///< "errors: canary 12.5% (5/40) above 2%"
};

/// A rule watched on every outcome. It sees each observation once, in order, and
/// can be asked at any time. Sequential tests fit behind the same interface: an
/// observation carries the weight it ran under.
class Guard {
 public:
  virtual ~Guard() = default;
  virtual void observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
                       Instant now) = 0;
  virtual Assessment assess(Instant now) const = 0;
};

/// All guards of one policy, fresh: made anew for every epoch.
class GuardPanel {
 public:
  explicit GuardPanel(const RolloutPolicy& policy);
  void observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
               Instant now);
  std::vector<Assessment> assess(Instant now) const;

 private:
  std::vector<std::unique_ptr<Guard>> guards_;
};

}  // namespace weir::rollout
