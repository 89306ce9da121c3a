#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/freeze_window.h"
#include "model/http_target.h"
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

/// How canary's share of something bad is compared with stable's own: a test that may be
/// looked at after every exchange (rollout/sequential_test.h).
struct SequentialRule {
  Weight alpha = Weight::percent(1);  ///< how often a canary as good as stable is ever found worse
  double tolerance = 1;               ///< times stable's share counts as good as stable; 1–100
  Weight floor = Weight::tenths_of_percent(1);  ///< a share up to this is never worse
  Weight acceptable = Weight::percent(5);       ///< a share up to this is fine, whatever stable's
  double acceptable_ratio = 2;                  ///< so is one up to as many times stable's; 1–100
  Weight beta = Weight::percent(5);             ///< how often `fine` may be said of more than that
  Milliseconds window{30'000};  ///< one bad exchange of each key counts in it; `floor` looks at it
  bool operator==(const SequentialRule&) const = default;
};

/// Canary's errors against stable's.
struct ErrorGuard {
  GuardAction action = GuardAction::rollback;
  SequentialRule rule{};
  /// Also worse after that many failures without a success in between, where it is no chance
  /// at stable's own rate. 0: off.
  std::uint32_t failures_in_a_row = 5;
  bool operator==(const ErrorGuard&) const = default;
};

/// Above what an exchange is slow.
struct SlowBound {
  Milliseconds fixed{1'000};
  /// `auto`: from when it is known on, stable's p95 instead, frozen for the rollout
  /// (`RolloutState::slower_than`); at the most this.
  std::optional<Milliseconds> p95_up_to{};
  bool operator==(const SlowBound&) const = default;
};

/// Canary's exchanges slower than `slower_than` against stable's.
struct LatencyGuard {
  GuardAction action = GuardAction::rollback;
  SequentialRule rule{.floor = Weight::percent(1)};
  SlowBound slower_than{};
  bool operator==(const LatencyGuard&) const = default;
};

/// Canary errors over the trailing window, without statistics: worse when their share is above
/// `max(floor, stable's share · tolerance)` on at least `min_requests`. Stable's share
/// counts from as many requests of its own.
struct ErrorThreshold {
  GuardAction action = GuardAction::rollback;
  Milliseconds window{30'000};
  std::uint64_t min_requests = 50;
  Weight floor = Weight::percent(2);
  double tolerance = 1.5;  ///< times stable's own ratio; 1–100
  bool operator==(const ErrorThreshold&) const = default;
};

/// Share of canary exchanges slower than `slower_than`: worse above
/// `max(floor, stable's share · tolerance)` on at least `min_requests`.
struct LatencyThreshold {
  GuardAction action = GuardAction::rollback;
  Milliseconds window{30'000};
  std::uint64_t min_requests = 50;
  SlowBound slower_than{};
  Weight floor = Weight::percent(5);
  double tolerance = 1.5;
  bool operator==(const LatencyThreshold&) const = default;
};

/// Worse while less than `min_healthy` of the canary's endpoints are healthy.
struct HealthGuard {
  GuardAction action = GuardAction::rollback;
  Weight min_healthy = Weight::percent(50);
  bool operator==(const HealthGuard&) const = default;
};

/// Both versions fail at once, so that it is not the release: worse while the share of errors of
/// each is above `floor`, over the trailing window, on at least `min_requests` of each. What
/// compares the two sees nothing then.
struct OutageGuard {
  GuardAction action = GuardAction::warn;
  Milliseconds window{30'000};
  std::uint64_t min_requests = 20;
  Weight floor = Weight::percent(5);
  bool operator==(const OutageGuard&) const = default;
};

/// Somebody who is asked before a rollout goes on, or told that it was rolled back.
struct Hook {
  enum class At : std::uint8_t {
    before_start,      ///< before the first step of a rollout
    before_step,       ///< before each step, the first among them
    before_promotion,  ///< before canary becomes stable
    after_rollback,    ///< by a guard, the driver's silence or an operator; decides nothing
  };
  enum class OnFailure : std::uint8_t { hold, rollback };

  std::string name;  ///< unique among the service's: [a-z0-9-]{1,63}
  At at = At::before_start;
  HttpTarget target{};
  Milliseconds deadline{0};                ///< of each try
  std::uint32_t retries = 2;               ///< after a try without an answer that can be used
  OnFailure on_failure = OnFailure::hold;  ///< when it says no; without an answer: always hold
  bool operator==(const Hook&) const = default;
};

std::string_view name_of(Hook::At at) noexcept;  ///< "before_start", …

struct RolloutPolicy {
  std::vector<Step> steps{};  ///< rising; after the last the rollout ends at 100 %
  Weight hold_back{};  ///< taken off a last step of 100 %: these keys stay on stable to its end
  std::optional<ErrorGuard> errors = ErrorGuard{};
  std::optional<LatencyGuard> latency;
  std::optional<ErrorThreshold> error_threshold;
  std::optional<LatencyThreshold> latency_threshold;
  std::optional<HealthGuard> health = HealthGuard{};
  std::optional<OutageGuard> outage = OutageGuard{};
  /// Pause where a step has been held and evidence is still missing for this long. 0: never.
  Milliseconds max_wait{0};
  /// Roll back when the driver (`weir start --wait`) is silent for this long. 0: never.
  Milliseconds driver_timeout{0};
  std::vector<FreezeWindow> freeze{};  ///< while one is open, nothing rises by itself
  /// The pool that became idle is wanted for so long; then a transition says that it may be
  /// scaled down. 0: none ever does.
  Milliseconds bake{0};
  std::vector<Hook> hooks{};

  /// Whether the last step is for everybody, but for those held back.
  bool ends_with_all() const noexcept {
    if (steps.empty()) return false;
    return steps.back().weight.basis_points() + hold_back.basis_points() >= Weight::whole;
  }
  /// An exchange above this is slow; nothing where no guard asks. Both latency guards have
  /// the same bound.
  std::optional<SlowBound> slower_than() const noexcept {
    if (latency) return latency->slower_than;
    if (latency_threshold) return latency_threshold->slower_than;
    return std::nullopt;
  }
  bool operator==(const RolloutPolicy&) const = default;
};

}  // namespace weir
