#include "rollout/decide.h"

#include <algorithm>

#include "rollout/course.h"
#include "rollout/obstacle.h"
#include "rollout/slow_bound.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

bool is_worse(const Assessment& assessment, GuardAction action) {
  return assessment.verdict == Verdict::worse && assessment.action == action;
}

/// Reasons of all guards that ask for `action`; empty: none does.
std::string demands(const Evidence& evidence, GuardAction action) {
  std::string reasons;
  for (const auto& assessment : evidence.assessments) {
    if (!is_worse(assessment, action)) continue;
    if (!reasons.empty()) reasons += "; ";
    reasons += assessment.reason;
  }
  return reasons;
}

/// The first guard that asks for `action`; empty: none does.
std::string guard_behind(const Evidence& evidence, GuardAction action) {
  const auto& all = evidence.assessments;
  const auto found = std::find_if(all.begin(), all.end(), [action](const Assessment& assessment) {
    return is_worse(assessment, action);
  });
  return found == all.end() ? std::string() : found->guard;
}

std::string loss_of_driver(const RolloutState& state, const RolloutPolicy& policy, Instant now) {
  const auto silence = driver_silence(state, policy, now);
  if (!silence || *silence <= policy.driver_timeout) return {};
  return "driver timeout: no heartbeat for " + duration_text(policy.driver_timeout);
}

// A pass needs evidence from every guard that could have stopped the rollout.
bool lets_pass(const Assessment& assessment) {
  if (assessment.verdict == Verdict::worse) return false;
  return assessment.verdict == Verdict::fine || assessment.action == GuardAction::warn;
}

// A reload may have removed the step it is in: the last one's rules then hold.
const Step* rules_of_step(const RolloutState& state, const RolloutPolicy& policy) {
  if (policy.steps.empty()) return nullptr;
  return &policy.steps[std::min<std::size_t>(state.step, policy.steps.size() - 1)];
}

bool is_held(const RolloutState& state, const Step* step) {
  return state.phase == Phase::progressing && step != nullptr && state.held >= step->hold;
}

bool step_is_over(const RolloutState& state, const RolloutPolicy& policy,
                  const Evidence& evidence) {
  if (waits_to_begin(state, policy)) return state.phase == Phase::progressing;
  const auto* step = rules_of_step(state, policy);
  return is_held(state, step) && state.step_requests >= step->min_requests &&
         std::all_of(evidence.assessments.begin(), evidence.assessments.end(), lets_pass);
}

/// What a step that was held still lacks.
std::string missing(const RolloutState& state, const Step& step, const Evidence& evidence) {
  std::string reasons;
  if (state.step_requests < step.min_requests) {
    reasons = "; the step has " + std::to_string(state.step_requests) + " of " +
              std::to_string(step.min_requests) + " requests";
  }
  for (const auto& assessment : evidence.assessments) {
    if (!lets_pass(assessment)) reasons += "; " + assessment.reason;
  }
  return reasons;
}

/// Why the rollout waits no longer for evidence; empty: it does.
std::string impatience(const RolloutState& state, const RolloutPolicy& policy,
                       const Evidence& evidence) {
  const auto* step = rules_of_step(state, policy);
  if (policy.max_wait <= Milliseconds(0) || !is_held(state, step)) return {};
  if (state.held < step->hold + policy.max_wait) return {};
  return "evidence is missing after " + duration_text(policy.max_wait) +
         missing(state, *step, evidence);
}

/// One call of `decide`: the state it began with, and what became of it.
class Look {
 public:
  Look(const RolloutState& state, const RolloutPolicy& policy, const Evidence& evidence,
       Instant now)
      : policy_(policy), evidence_(evidence), now_(now), decision_{state, {}} {}

  RolloutState& next() { return decision_.next; }

  void tell(const RolloutState& from, std::string kind, std::string reason,
            std::string guard = {}) {
    next().reason = reason;
    keep_warm(next(), from, policy_, evidence_.conditions.wall_clock);
    decision_.transitions.push_back({std::move(kind),
                                     std::move(reason),
                                     from,
                                     next(),
                                     evidence_.assessments,
                                     std::move(guard),
                                     {}});
  }

  // A warning comes first, so that the last reason is that of the rollback.
  void roll_back(std::string reason) {
    const auto from = next();
    auto fallen = from;
    fall_back(fallen);
    if (auto lack = lack_of_capacity(from, fallen, evidence_.conditions)) {
      tell(from, "warn", std::move(lack->reason));
    }
    const auto warned = next();
    fall_back(next());
    tell(warned, "rollback", std::move(reason), guard_behind(evidence_, GuardAction::rollback));
  }

  void hold(std::string reason, PauseReason why = PauseReason::guard) {
    const auto from = next();
    stand_still(next(), why);
    tell(from, "hold", std::move(reason), guard_behind(evidence_, GuardAction::hold));
  }

  /// Whether every hook ahead has passed; otherwise asks, or does what those ask for that did not.
  bool hear_hooks() {
    std::string refusals;
    bool back = false;
    for (const auto* hook : hooks_ahead(next(), policy_)) {
      const auto* report = report_of(*hook);
      if (report == nullptr) continue;
      if (report->verdict == HookVerdict::pass) {
        next().passed_hooks.push_back(hook->name);
        continue;
      }
      back |= report->verdict == HookVerdict::fail && hook->on_failure == Hook::OnFailure::rollback;
      refusals += (refusals.empty() ? "" : "; ") + text_of(*report);
    }
    if (refusals.empty()) return decision_.asks.empty();
    back ? roll_back(std::move(refusals)) : hold(std::move(refusals), PauseReason::gate);
    return false;
  }

  void tell_of_rollback() {
    const auto from = next();
    for (const auto* hook : hooks_ahead(from, policy_)) {
      const auto* report = report_of(*hook);
      if (report == nullptr) continue;
      next().passed_hooks.push_back(hook->name);
      if (report->verdict == HookVerdict::pass) continue;
      decision_.transitions.push_back({"warn", text_of(*report), from, next(), {}});
    }
  }

  // Forgets first, so that the last transition told ends in the state that is next.
  void warn() {
    for (const auto& assessment : evidence_.assessments) {
      if (assessment.verdict == Verdict::fine) std::erase(next().warned, assessment.guard);
    }
    for (const auto& assessment : evidence_.assessments) {
      if (is_worse(assessment, GuardAction::warn)) warn_once(assessment);
    }
  }

  // Hooks are asked when nothing else is in the way, so that their answer is fresh.
  void leave_step() {
    const auto* step = rules_of_step(next(), policy_);
    const bool gated = step != nullptr && step->manual_gate && entered(next(), policy_);
    auto found = gated ? std::nullopt : obstacle_ahead();
    if (found) return wait_for(*std::move(found));
    next().hold.reset();
    if (!hear_hooks()) return;
    const auto from = next();
    if (gated) {
      stand_still(next(), PauseReason::gate);
      return tell(from, "gate", "waits for promote: " + place_text(next(), policy_));
    }
    advance(next(), policy_, now_);
    if (next().in_progress()) return tell(from, "step", place_text(next(), policy_));
    tell(from, "finish", std::string(name_of(next().stable)) + " is stable");
  }

  // Evidence that comes and goes makes no news of a hold that was told, nor does a pause: nobody
  // waited for it.
  void look_at_hold() {
    next().hold = obstacle_ahead();
    if (!next().hold) wait_again(next(), policy_);
  }

  /// The reason of the last transition stays: it says how the rollout ended.
  void cool_down() {
    const auto wall_clock = evidence_.conditions.wall_clock;
    if (!next().warm_until || wall_clock < *next().warm_until) return;
    const auto from = next();
    next().warm_until.reset();
    decision_.transitions.push_back({"scale-down",
                                     std::string(name_of(next().canary())) +
                                         " is idle and was kept warm: it may be scaled down",
                                     from,
                                     next(),
                                     {}});
  }

  // A hold that was told before changes its figures only: the last transition knows them too.
  Decision take() {
    if (!decision_.transitions.empty()) decision_.transitions.back().to = next();
    return std::move(decision_);
  }

 private:
  std::optional<Hold> obstacle_ahead() {
    auto ahead = next();
    advance(ahead, policy_, now_);
    return obstacle(next(), ahead, policy_, evidence_.conditions);
  }

  void wait_for(Hold hold) {
    const auto from = next();
    const bool told = from.hold && from.hold->by == hold.by;
    next().hold = std::move(hold);
    if (!told) tell(from, "hold", next().hold->reason);
  }

  /// Null: it is asked.
  const HookReport* report_of(const Hook& hook) {
    for (const auto& report : evidence_.hooks) {
      if (report.hook == hook.name) return &report;
    }
    decision_.asks.push_back(hook.name);
    return nullptr;
  }

  void warn_once(const Assessment& assessment) {
    const auto& warned = next().warned;
    if (std::find(warned.begin(), warned.end(), assessment.guard) != warned.end()) return;
    const auto from = next();
    next().warned.push_back(assessment.guard);
    tell(from, "warn", assessment.reason, assessment.guard);
  }

  const RolloutPolicy& policy_;
  const Evidence& evidence_;
  const Instant now_;
  Decision decision_;
};

}  // namespace

std::optional<Milliseconds> driver_silence(const RolloutState& state, const RolloutPolicy& policy,
                                           Instant now) noexcept {
  if (policy.driver_timeout <= Milliseconds(0) || !state.driver_seen) return std::nullopt;
  return std::chrono::floor<Milliseconds>(std::max(now - *state.driver_seen, {}));
}

Decision decide(const RolloutState& state, const RolloutPolicy& policy, const Evidence& evidence,
                Instant now) {
  Look look(state, policy, evidence, now);
  auto& next = look.next();
  if (!state.in_progress()) {
    look.tell_of_rollback();
    look.cool_down();
    return look.take();
  }
  accrue(next, now);
  next.step_requests += evidence.canary_requests;
  if (!next.driver_seen) next.driver_seen = now;
  freeze_slow_bound(next, policy, evidence.conditions);

  auto rollback = demands(evidence, GuardAction::rollback);
  if (rollback.empty()) rollback = loss_of_driver(next, policy, now);
  auto hold = demands(evidence, GuardAction::hold);
  if (!rollback.empty()) {
    look.roll_back(std::move(rollback));
  } else if (!hold.empty() && next.pause_reason != PauseReason::guard) {
    look.hold(std::move(hold));
  } else {
    look.warn();
    if (step_is_over(next, policy, evidence)) {
      look.leave_step();
    } else if (next.hold) {
      look.look_at_hold();
    } else if (auto reason = impatience(next, policy, evidence); !reason.empty()) {
      look.hold(std::move(reason), PauseReason::evidence);
    }
  }
  return look.take();
}

}  // namespace weir::rollout
