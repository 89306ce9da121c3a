#include "rollout/decide.h"

#include <algorithm>

#include "rollout/course.h"
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

std::string driver_silence(const RolloutState& state, const RolloutPolicy& policy, Instant now) {
  const auto timeout = policy.driver_timeout;
  if (timeout <= Milliseconds(0) || now - *state.driver_seen <= timeout) return {};
  return "driver timeout: no heartbeat for " + duration_text(timeout);
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
  Look(const RolloutState& state, const Evidence& evidence)
      : evidence_(evidence), decision_{state, {}} {}

  RolloutState& next() { return decision_.next; }

  void tell(const RolloutState& from, std::string kind, std::string reason) {
    next().reason = reason;
    decision_.transitions.push_back(
        {std::move(kind), std::move(reason), from, next(), evidence_.assessments});
  }

  void roll_back(std::string reason) {
    const auto from = next();
    fall_back(next());
    tell(from, "rollback", std::move(reason));
  }

  void hold(std::string reason, PauseReason why = PauseReason::guard) {
    const auto from = next();
    stand_still(next(), why);
    tell(from, "hold", std::move(reason));
  }

  /// Whether every hook ahead has passed; otherwise asks, or does what those ask for that did not.
  bool hear_hooks(const RolloutPolicy& policy) {
    std::string refusals;
    bool back = false;
    for (const auto* hook : hooks_ahead(next(), policy)) {
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

  void tell_of_rollback(const RolloutPolicy& policy) {
    const auto from = next();
    for (const auto* hook : hooks_ahead(from, policy)) {
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

  void leave_step(const RolloutPolicy& policy, Instant now) {
    const auto from = next();
    const auto* step = rules_of_step(from, policy);
    if (step->manual_gate && entered(from, policy)) {
      stand_still(next(), PauseReason::gate);
      return tell(from, "gate", "waits for promote: " + place_text(next(), policy));
    }
    advance(next(), policy, now);
    if (next().in_progress()) return tell(from, "step", place_text(next(), policy));
    tell(from, "finish", std::string(name_of(next().stable)) + " is stable");
  }

  Decision take() { return std::move(decision_); }

 private:
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
    tell(from, "warn", assessment.reason);
  }

  const Evidence& evidence_;
  Decision decision_;
};

}  // namespace

Decision decide(const RolloutState& state, const RolloutPolicy& policy, const Evidence& evidence,
                Instant now) {
  Look look(state, evidence);
  auto& next = look.next();
  if (!state.in_progress()) {
    look.tell_of_rollback(policy);
    return look.take();
  }
  accrue(next, now);
  next.step_requests += evidence.canary_requests;
  if (!next.driver_seen) next.driver_seen = now;

  auto rollback = demands(evidence, GuardAction::rollback);
  if (rollback.empty()) rollback = driver_silence(next, policy, now);
  auto hold = demands(evidence, GuardAction::hold);
  if (!rollback.empty()) {
    look.roll_back(std::move(rollback));
  } else if (!hold.empty() && next.pause_reason != PauseReason::guard) {
    look.hold(std::move(hold));
  } else {
    look.warn();
    if (step_is_over(next, policy, evidence)) {
      if (look.hear_hooks(policy)) look.leave_step(policy, now);
    } else if (auto reason = impatience(next, policy, evidence); !reason.empty()) {
      look.hold(std::move(reason), PauseReason::evidence);
    }
  }
  return look.take();
}

}  // namespace weir::rollout
