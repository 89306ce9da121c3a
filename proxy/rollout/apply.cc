#include "rollout/course.h"
#include "rollout/decide.h"
#include "rollout/obstacle.h"
#include "rollout/slow_bound.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

using Answer = std::variant<Decision, Refusal>;

/// An action under way: what it found, and what it makes of it.
struct Move {
  const RolloutState& from;
  const RolloutPolicy& policy;
  const ActionRequest& request;
  Instant now;
  const Conditions& conditions;
  RolloutState next;

  Answer unchanged() { return Decision{std::move(next), {}}; }

  Answer refused() const {
    return Refusal{"cannot " + std::string(name_of(request.action)) + ": the rollout is " +
                   std::string(name_of(from.phase))};
  }

  /// `account`: the reason where the caller gave none.
  Answer done(std::string kind, const std::string& account) {
    next.reason = request.reason.empty() ? account : request.reason;
    keep_warm(next, from, policy, conditions.wall_clock);
    Transition transition{std::move(kind), next.reason, from, next, {}, {}, {}};
    Decision decision{std::move(next), {}};
    decision.transitions.push_back(std::move(transition));
    return decision;
  }

  Answer finished() { return done("finish", std::string(name_of(next.stable)) + " is stable"); }

  Answer advanced(std::string kind) {
    advance(next, policy, now);
    return next.in_progress() ? done(std::move(kind), place_text(next, policy)) : finished();
  }
};

Answer started(Move move, std::string kind) {
  begin(move.next, move.policy, move.now);
  freeze_slow_bound(move.next, move.policy, move.conditions);
  const bool waits = waits_to_begin(move.next, move.policy);
  auto account = std::string(name_of(move.next.canary())) + ": " +
                 (waits ? "hooks are asked first" : place_text(move.next, move.policy));
  return move.done(std::move(kind), account);
}

Answer start(Move move) {
  if (move.from.in_progress()) return move.refused();
  move.next.revision = move.request.revision;
  return started(std::move(move), "start");
}

Answer retry(Move move) {
  if (move.from.phase != Phase::degraded) return move.refused();
  return started(std::move(move), "retry");
}

Answer pause(Move move) {
  if (!move.from.in_progress()) return move.refused();
  if (move.from.phase == Phase::paused) return move.unchanged();
  stand_still(move.next, PauseReason::operator_request);
  return move.done("pause", "paused by an operator");
}

Answer resume(Move move) {
  if (!move.from.in_progress()) return move.refused();
  if (move.from.phase == Phase::progressing) return move.unchanged();
  const bool step_done = move.from.pause_reason == PauseReason::gate;
  const bool asks_first = waits_to_begin(move.from, move.policy);
  if (step_done || (!asks_first && !entered(move.next, move.policy)))
    return move.advanced("resume");
  if (move.from.pause_reason == PauseReason::evidence) wait_again(move.next, move.policy);
  go_on(move.next, move.now);
  const auto account = place_text(move.next, move.policy);
  return move.done("resume", account);
}

// Full promotion of a rollout that already stands in its last step has nothing left
// to skip but the hold, which is what proves the release: so that still runs.
Answer promote_fully(Move move) {
  const auto& steps = move.policy.steps;
  if (!move.policy.ends_with_all()) {
    finish(move.next, move.policy);
    return move.finished();
  }
  const auto last = static_cast<std::uint32_t>(steps.size() - 1);
  if (move.from.step == last && entered(move.from, move.policy)) return resume(std::move(move));
  enter_step(move.next, move.policy, last, move.now);
  const auto account = place_text(move.next, move.policy);
  return move.done("promote", account);
}

Answer promote(Move move) {
  if (!move.from.in_progress()) return move.refused();
  return move.request.full ? promote_fully(std::move(move)) : move.advanced("promote");
}

Answer abort(Move move) {
  if (!move.from.in_progress()) return move.unchanged();
  fall_back(move.next);
  return move.done("abort", "aborted by an operator");
}

Answer undo(Move move) {
  if (move.from.phase != Phase::healthy) return move.refused();
  if (!move.from.can_undo) return Refusal{"cannot undo: there is no finished rollout to undo"};
  swap_back(move.next);
  return move.done("undo", std::string(name_of(move.next.stable)) + " is stable again");
}

Answer set_weight(Move move) {
  if (!move.from.in_progress()) return move.refused();
  const auto weight = move.request.weight;
  if (move.from.pause_reason == PauseReason::weight_set && move.from.weight == weight) {
    return move.unchanged();
  }
  move.next.weight = weight;
  move.next.step = step_above(move.policy, weight);
  move.next.held = Milliseconds(0);
  move.next.step_requests = 0;
  stand_still(move.next, PauseReason::weight_set);
  return move.done("set-weight", "weight set to " + percent_text(weight));
}

Answer heartbeat(Move move) { return move.from.in_progress() ? move.unchanged() : move.refused(); }

Answer carry_out(Move move) {
  switch (move.request.action) {
    case Action::start:
      return start(std::move(move));
    case Action::pause:
      return pause(std::move(move));
    case Action::resume:
      return resume(std::move(move));
    case Action::promote:
      return promote(std::move(move));
    case Action::abort:
      return abort(std::move(move));
    case Action::retry:
      return retry(std::move(move));
    case Action::undo:
      return undo(std::move(move));
    case Action::set_weight:
      return set_weight(std::move(move));
    case Action::heartbeat:
      return heartbeat(std::move(move));
  }
  return move.refused();
}

// Told before, so that the last reason is that of the action itself.
void warn_first(Decision& decision, const RolloutState& from, const Hold& lack) {
  auto warned = from;
  warned.reason = lack.reason;
  decision.transitions.insert(decision.transitions.begin(),
                              {"warn", lack.reason, from, std::move(warned), {}});
}

void admit_force(Decision& decision, const Hold& obstacle) {
  auto& told = decision.transitions.back();
  told.reason += "; forced, against " + obstacle.reason;
  decision.next.reason = told.to.reason = told.reason;
}

Answer against_obstacles(Decision decision, const RolloutState& from, const RolloutPolicy& policy,
                         const ActionRequest& request, const Conditions& conditions) {
  if (decision.transitions.empty()) return decision;
  if (request.action == Action::abort) {
    const auto lack = lack_of_capacity(from, decision.next, conditions);
    if (lack) warn_first(decision, from, *lack);
    return decision;
  }
  const auto found = obstacle(from, decision.next, policy, conditions);
  if (!found) return decision;
  if (!request.force) {
    return Refusal{"cannot " + std::string(name_of(request.action)) + ": " + found->reason +
                   "; force does it all the same"};
  }
  admit_force(decision, *found);
  return decision;
}

}  // namespace

std::variant<Decision, Refusal> apply(const RolloutState& state, const RolloutPolicy& policy,
                                      const ActionRequest& request, Instant now,
                                      const Conditions& conditions) {
  Move move{state, policy, request, now, conditions, state};
  if (state.in_progress()) {
    accrue(move.next, now);
    hear_driver(move.next, now);
  }
  auto answer = carry_out(std::move(move));
  auto* decision = std::get_if<Decision>(&answer);
  if (decision == nullptr) return answer;
  return against_obstacles(std::move(*decision), state, policy, request, conditions);
}

Milliseconds held_for(const RolloutState& state, Instant now) noexcept {
  if (state.phase != Phase::progressing || !state.held_at || now < *state.held_at) {
    return state.held;
  }
  return state.held + std::chrono::floor<Milliseconds>(now - *state.held_at);
}

}  // namespace weir::rollout
