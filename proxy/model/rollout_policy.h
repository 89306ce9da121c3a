#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/instant.h"
#include "model/weight.h"

namespace weir {

/// A weight to reach and what it must hold before the next.
struct Step {
  Weight weight;
  Milliseconds hold{0};            ///< at least this long
  std::uint64_t min_requests = 0;  ///< canary requests that must have ended in this step
  bool manual_gate = false;        ///< then wait for `promote`
  bool operator==(const Step&) const = default;
};

/// What to do when a guard finds the canary worse.
enum class GuardAction : std::uint8_t { rollback, hold, warn };

std::string_view name_of(GuardAction action) noexcept;

/// Canary errors over the trailing window: worse when their share is above
/// `max(floor, stable's share · tolerance)` on at least `min_requests`. Stable's share
/// counts from as many requests of its own.
struct ErrorGuard {
  GuardAction action = GuardAction::rollback;
  Milliseconds window{30'000};
  std::uint64_t min_requests = 50;
  Weight floor = Weight::percent(2);
  double tolerance = 1.5;  ///< times stable's own ratio; 1–100
  bool operator==(const ErrorGuard&) const = default;
};

/// Share of canary exchanges slower than `slower_than`: worse above
/// `max(floor, stable's share · tolerance)` on at least `min_requests`.
struct LatencyGuard {
  GuardAction action = GuardAction::rollback;
  Milliseconds window{30'000};
  std::uint64_t min_requests = 50;
  Milliseconds slower_than{1'000};
  Weight floor = Weight::percent(5);
  double tolerance = 1.5;
  bool operator==(const LatencyGuard&) const = default;
};

/// Worse while less than `min_healthy` of the canary's endpoints are healthy.
struct HealthGuard {
  GuardAction action = GuardAction::rollback;
  Weight min_healthy = Weight::percent(50);
  bool operator==(const HealthGuard&) const = default;
};

struct RolloutPolicy {
  std::vector<Step> steps{};  ///< rising; after the last the rollout ends at 100 %
  std::optional<ErrorGuard> errors = ErrorGuard{};
  std::optional<LatencyGuard> latency;
  std::optional<HealthGuard> health = HealthGuard{};
  /// Roll back when the driver (`weir start --wait`) is silent for this long. 0: never.
  Milliseconds driver_timeout{0};
  bool operator==(const RolloutPolicy&) const = default;
};

}  // namespace weir
