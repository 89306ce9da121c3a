#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
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

/// What a guard compares: canary's share of something, or how strong the evidence is.
enum class Measure : std::uint8_t { share, evidence };

std::string_view name_of(Measure measure) noexcept;

/// What a guard thinks and what it thinks it from; enough to explain a rollback.
struct Assessment {
  std::string guard;  ///< "errors", "latency", "error_threshold", "latency_threshold", "health",
                      ///< "outage"
  GuardAction action = GuardAction::rollback;
  Verdict verdict = Verdict::insufficient;
  Measure measure = Measure::share;
  double value = 0;             ///< canary's share, 0–1, or the evidence against it (an e-value)
  double threshold = 0;         ///< what `value` must not pass; health: must not fall below
  std::optional<double> ratio;  ///< canary's share by stable's, where both are known
  outcomes::EvidenceCounts stable, canary;  ///< counts behind it
  std::string reason;                       ///< "error_threshold: canary 12.5% (5/40) above 2%"
  bool operator==(const Assessment&) const = default;
};

/// A rule watched on every outcome. It sees each observation once, in order, and
/// can be asked at any time.
class Guard {
 public:
  virtual ~Guard() = default;
  virtual void observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
                       Instant now) = 0;
  virtual Assessment assess(Instant now) const = 0;
};

/// What is slow in a rollout, where that is stable's p95.
struct Slowness {
  Microseconds above{0};
  outcomes::EvidenceCounts stable_before{};  ///< what stable did before, by that measure
};

/// All guards of one policy, fresh: made anew for every epoch.
class GuardPanel {
 public:
  /// `stable_before`: what stable did before the rollout. `slowness`: nothing: as the policy says.
  explicit GuardPanel(const RolloutPolicy& policy,
                      const outcomes::EvidenceCounts& stable_before = {},
                      const std::optional<Slowness>& slowness = {});
  /// The guards of latency begin anew by another measure; the others go on.
  void measure_anew(const RolloutPolicy& policy, const Slowness& slowness);
  void observe(const outcomes::Observation& observation, const PoolHealth& canary_pool,
               Instant now);
  std::vector<Assessment> assess(Instant now) const;

 private:
  void watch_latency(const RolloutPolicy& policy, const std::string& slow,
                     const outcomes::EvidenceCounts& stable_before);

  enum Place : std::size_t {
    errors,
    latency,
    error_threshold,
    latency_threshold,
    health,
    outage,
    places
  };
  std::array<std::unique_ptr<Guard>, places> guards_;  ///< null: off
};

}  // namespace weir::rollout
