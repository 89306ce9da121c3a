#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/rollout_policy.h"
#include "rollout/conditions.h"
#include "rollout/guard.h"
#include "rollout/hooks.h"
#include "rollout/seen.h"
#include "rollout/state.h"

namespace weir::rollout {

/// What was seen since the last decision.
struct Evidence {
  std::vector<Assessment> assessments;  ///< one of every guard of the policy
  std::uint64_t canary_requests = 0;    ///< canary exchanges that ended since the last decision
  Conditions conditions{};
  std::vector<HookReport> hooks{};  ///< of those asked for since the rollout moved last
};

/// A change worth telling: one event, one line of the audit log, one count of a metric.
struct Transition {
  /// start, step, gate, pause, resume, promote, finish, rollback, hold, warn, retry, undo,
  /// set-weight, abort, scale-down
  std::string kind;
  std::string reason;  ///< for people; names guard, value and threshold where one acted
  RolloutState from, to;
  std::vector<Assessment> assessments;  ///< what `decide` was given
  std::string guard{};                  ///< the one that acted, the first of several; or empty
  SeenOfBoth seen{};  ///< in the rollout until then; filled in by whoever counts, like the
                      ///< assessments of an action
};

/// The next state, and what changed. No transitions: only counters moved.
struct Decision {
  RolloutState next;
  std::vector<Transition> transitions;
  /// Hooks, by name, whose report is wanted before the rollout goes on: to be called, once. Asked
  /// for at each look until it is there.
  std::vector<std::string> asks{};
};

/// One look at one service. Pure: same arguments, same answer; called at least 20
/// times a second. A guard that finds the canary worse acts before any step advances:
/// rollback before hold before warn, each told once. A step is left once it has held
/// long enough, seen enough requests, and no guard is worse; a guard that would roll
/// back or hold must have found it fine. Where that is missing for `max_wait`, the rollout
/// pauses. Where an obstacle stands against the next weight, the step holds, which is told once
/// for each kind of it. Then the hooks that stand before the next step are asked, and last the
/// person at a manual gate. A hook that says no holds the rollout at a gate, or rolls back where
/// it is to; one that does not answer holds it. At most one step per call.
///
/// After a rollback: hooks are told of it, and a `warn` tells where that failed. Outside a
/// rollout it tells `scale-down` when the idle pool was kept warm for long enough.
Decision decide(const RolloutState& state, const RolloutPolicy& policy, const Evidence& evidence,
                Instant now);

enum class Action : std::uint8_t {
  start,
  pause,
  resume,
  promote,
  abort,
  retry,
  undo,
  set_weight,
  heartbeat
};

std::string_view name_of(Action action) noexcept;  ///< "set-weight", …
std::optional<Action> action_named(std::string_view name) noexcept;

/// Those that may give a version more traffic.
bool can_be_forced(Action action) noexcept;

struct ActionRequest {
  Action action = Action::start;
  bool full = false;     ///< promote: to 100 %
  bool force = false;    ///< whatever stands against it; actions that `can_be_forced`
  Weight weight;         ///< set_weight
  std::string revision;  ///< start: what the release is called
  std::string reason;    ///< for the log; any action
  std::string key;       ///< names this very request; empty: none
};

/// The action is not legal in this phase, or something stands against it; nothing changed.
struct Refusal {
  std::string reason;  ///< "cannot start: the rollout is Progressing"
};

/// Applies an operator's action. `abort` is legal in every phase and `pause`,
/// `resume`, `abort` change nothing where they already hold. Guards are not asked:
/// the next `decide` has the last word.
///
/// `resume` at a gate enters the next step, elsewhere the step goes on, or the hooks before the
/// first one are asked. `promote`
/// enters the next step at once, past the last the rollout finishes; in full it enters
/// a last step of 100 % (less what is held back), which then holds as configured, or else finishes
/// at once. `set_weight` stands still at that weight; `resume` then enters the first step above it,
/// and where there is none goes on in the last one.
///
/// An action that meets an obstacle is refused, or goes on by force, and its reason says so.
/// `abort` meets none: a warning before it tells where stable lacks capacity.
std::variant<Decision, Refusal> apply(const RolloutState& state, const RolloutPolicy& policy,
                                      const ActionRequest& request, Instant now,
                                      const Conditions& conditions = {});

/// Time since the driver gave a sign of life; nothing where none is waited for.
std::optional<Milliseconds> driver_silence(const RolloutState& state, const RolloutPolicy& policy,
                                           Instant now) noexcept;

/// Time this step has held so far.
Milliseconds held_for(const RolloutState& state, Instant now) noexcept;

}  // namespace weir::rollout
