#pragma once
#include <cstdint>
#include <string>

#include "model/weight.h"
#include "rollout/guard.h"

namespace weir::rollout {

/// Canary's share of something bad against stable's own: worse above
/// `max(floor, stable's share · tolerance)` on at least `min_requests` of canary.
/// Where stable serves nothing (no requests, or all keys are canary's) the floor
/// alone decides.
struct ShareRule {
  std::string guard;  ///< its name
  std::string bad;    ///< what the share is of; "" where the name says it
  GuardAction action = GuardAction::rollback;
  std::uint64_t min_requests = 0;
  Weight floor;
  double tolerance = 1;
  std::uint64_t outcomes::EvidenceCounts::*part = &outcomes::EvidenceCounts::errors;
};

/// 0–1; 0 of nothing.
double share_of(std::uint64_t part, std::uint64_t whole) noexcept;

/// `seen`: sums of the rule's window.
Assessment compare(const ShareRule& rule, const outcomes::Observation& seen);

}  // namespace weir::rollout
