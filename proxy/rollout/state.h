#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/instant.h"
#include "model/version.h"
#include "model/weight.h"

namespace weir::rollout {

enum class Phase : std::uint8_t { healthy, progressing, paused, degraded };

/// Why a rollout stands still.
enum class PauseReason : std::uint8_t {
  none,
  gate,
  operator_request,
  guard,
  weight_set,
  evidence,  ///< there was too little for too long
};

/// What keeps a step that is over from being left; it is left as soon as that is gone.
struct Hold {
  enum class By : std::uint8_t { freeze, capacity };
  By by = By::freeze;
  std::string reason;  ///< with figures, of the last look
  bool operator==(const Hold&) const = default;
};

/// Where one service's rollout stands. A value: copied, compared, written to disk.
/// Instants do not survive a restart; what is kept of them is the time already held.
/// Members marked "not kept" may be empty at any time.
struct RolloutState {
  std::uint64_t epoch = 0;  ///< number of the rollout; 0: none was ever started
  Phase phase = Phase::healthy;
  PauseReason pause_reason = PauseReason::none;
  Version stable = Version::blue;
  Weight weight;  ///< of canary; 0 outside a rollout
  /// Index into the policy's steps; their count: finished. While `weight` is below the
  /// step's own (after `set-weight`, or while a hook is asked before the first one), the step
  /// is the next to enter, not yet entered.
  std::uint32_t step = 0;
  Milliseconds held{0};             ///< time this step has been Progressing, up to `held_at`
  std::uint64_t step_requests = 0;  ///< canary requests that ended in this step
  bool can_undo = false;            ///< the last rollout ended at 100 % and was not undone
  std::string revision;             ///< what the driver calls the release, as given to `start`
  std::string reason;               ///< of the last transition, for people
  /// Until then the pool that became idle is kept warm; nothing: none is, or its end was told.
  std::optional<WallTime> warm_until;
  /// Of the last actions that changed something, oldest first: one that is asked for again,
  /// even after a restart, is not carried out again.
  std::vector<std::string> recent_keys;

  /// Stable's p95, frozen for this rollout, where the policy asks for that (`slow_bound.h`).
  std::optional<Microseconds> slower_than;

  /// Hooks that let the rollout take its next step, or were told of the rollback.
  std::vector<std::string> passed_hooks;

  std::optional<Instant> held_at;      ///< not kept
  std::optional<Instant> driver_seen;  ///< last action or heartbeat; not kept
  std::vector<std::string> warned;     ///< guards told of and not fine since; not kept
  std::optional<Hold> hold;            ///< not kept

  Version canary() const noexcept { return other(stable); }
  bool in_progress() const noexcept {
    return phase == Phase::progressing || phase == Phase::paused;
  }
  bool operator==(const RolloutState&) const = default;
};

/// "Healthy", "Progressing", "Paused", "Degraded".
std::string_view name_of(Phase phase) noexcept;
std::optional<Phase> phase_named(std::string_view name) noexcept;
/// "freeze", "capacity".
std::string_view name_of(Hold::By by) noexcept;
/// "", "gate", "operator", "guard", "weight", "evidence".
std::string_view name_of(PauseReason reason) noexcept;
std::optional<PauseReason> pause_reason_named(std::string_view name) noexcept;

}  // namespace weir::rollout
