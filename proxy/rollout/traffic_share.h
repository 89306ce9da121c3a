#pragma once
#include <cstdint>

#include "model/instant.h"
#include "model/weight.h"
#include "outcomes/evidence.h"

namespace weir::rollout {

/// The probability that an error was canary's if both versions are equally good, from above.
///
/// It is the weight where keys fail, as each key is drawn by it. But a few clients who ask a lot
/// may give canary a larger share of the requests than of the keys; then, if each request may
/// fail, errors follow the requests. Given the requests of both, the errors on canary are
/// hypergeometric, and what the bets win on those is at most what they win on independent draws
/// with the same share (Hoeffding, JASA 58, 1963, theorem 4). So the larger of the two is used:
/// too large a share only makes the evidence smaller.
///
/// The share of a few requests is noise, and one request alone is all canary's or none: hence it
/// counts only where it is above the weight by more than chance, one request and two standard
/// deviations. Exchanges that end after the weight fell were drawn by the one before: the highest
/// of the last `memory` counts.
class TrafficShare {
 public:
  explicit TrafficShare(Milliseconds memory) : memory_(memory) {}
  /// Takes what ended under a weight and answers the share for it, 0–1.
  double observe(const outcomes::Observation& observation, Instant now) noexcept;
  /// Whether the last observation showed for the first time under this weight that canary has
  /// more: then it had more before, too.
  bool just_found_more() const noexcept { return just_found_more_; }

 private:
  Milliseconds memory_;
  Weight weight_;   ///< seen last
  Weight highest_;  ///< of the last `memory_`
  Instant highest_at_{};
  double requests_ = 0, canary_ = 0;  ///< under this weight; the older ones fade
  bool found_more_ = false;           ///< under this weight
  bool just_found_more_ = false;
};

}  // namespace weir::rollout
