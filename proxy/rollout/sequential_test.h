#pragma once
#include <cstdint>
#include <optional>

#include "model/rollout_policy.h"
#include "outcomes/evidence.h"
#include "rollout/failure_streak.h"
#include "rollout/fixed_rate.h"
#include "rollout/guard.h"
#include "rollout/risk_ratio.h"
#include "rollout/traffic_share.h"

namespace weir::rollout {

/// What kind of bad exchange a test counts.
struct BadPart {
  std::uint64_t outcomes::EvidenceCounts::*bad;
  std::uint64_t outcomes::EvidenceCounts::*repeated;
};
inline constexpr BadPart errors_part{&outcomes::EvidenceCounts::errors,
                                     &outcomes::EvidenceCounts::repeated_errors};
inline constexpr BadPart slow_part{&outcomes::EvidenceCounts::slow,
                                   &outcomes::EvidenceCounts::repeated_slow};

/// Canary against stable, from the start of a rollout on. Its evidence is the capital of two
/// bettors that began with one coin: nine tenths on `RiskRatio` while stable serves as well, one
/// tenth on `FixedRate` at 100 %. A canary as good as stable reaches 1/alpha with a probability
/// of at most `alpha`, in the whole rollout, however often it is looked at.
///
/// worse: the evidence is there (or the streak of failures), and in the trailing window canary's
/// share is above `floor`. fine: canary's share, since the weight changed last, is at most
/// `acceptable` or `acceptable_ratio` times stable's, with confidence 1 − `beta` at this look;
/// and the evidence is not halfway to `worse`. Else insufficient.
class SequentialTest {
 public:
  /// `stable_before`: what stable did before the rollout, which is all there is to compare with
  /// where it begins at 100 %. `failures_in_a_row`: 0: never.
  SequentialTest(const SequentialRule& rule, BadPart part,
                 const outcomes::EvidenceCounts& stable_before = {},
                 std::uint32_t failures_in_a_row = 0);

  /// A repeated failure of a key counts neither as bad nor as a request.
  void observe(const outcomes::Observation& observation, Instant now);
  Verdict verdict(Instant now) const;
  bool is_worse(Instant now) const;  ///< the same at less cost

  double evidence() const noexcept;   ///< about 1/2 to begin with; at most 1e300
  double threshold() const noexcept;  ///< 1/alpha
  /// Enough failures in a row, beyond chance.
  bool streak_is_enough() const;
  const FailureStreak& streak() const noexcept { return streak_; }
  /// What speaks best for the verdict: both versions since suspicion began, or since the weight
  /// changed where there is none. At 100 %, stable's is all of the time before.
  outcomes::Observation basis() const noexcept;
  /// Canary's share by stable's in `basis`; nothing where stable has none.
  std::optional<double> ratio() const noexcept;
  /// The share that canary must be shown not to exceed.
  double limit() const noexcept;
  const SequentialRule& rule() const noexcept { return rule_; }

 private:
  outcomes::EvidenceCounts without_repeats(outcomes::EvidenceCounts counts) const noexcept;
  outcomes::EvidenceCounts stable_reference() const noexcept;
  double share_of(const outcomes::EvidenceCounts& counts) const noexcept;
  void compare(const outcomes::Observation& observation, Instant now);
  void test_alone(const outcomes::EvidenceCounts& canary);
  double log_evidence() const noexcept;
  bool above_floor(Instant now) const;
  bool suspicious() const noexcept;

  SequentialRule rule_;
  BadPart part_;
  std::uint32_t failures_in_a_row_;
  TrafficShare share_;
  RiskRatio control_;
  std::optional<FixedRate> alone_;  ///< since the weight first was 100 %
  FailureStreak streak_;
  outcomes::EvidenceWindow window_;
  outcomes::EvidenceCounts stable_so_far_;  ///< with control
  outcomes::Observation step_;              ///< since the weight changed
  outcomes::Observation suspected_;         ///< since the evidence was below one
};

}  // namespace weir::rollout
