#pragma once
#include <string>
#include <vector>

#include "model/plan.h"
#include "rollout/decide.h"
#include "rollout/state.h"

namespace weir::rollout_loop {

/// Of what left or ended a step of a rollout: what the guards said and what was seen. A rollout
/// that begins has nothing behind it.
void explain(std::vector<rollout::Transition>& transitions,
             const std::vector<rollout::Assessment>& assessments, const rollout::SeenOfBoth& seen);

/// Told of a rollout that is over: it changes nothing of how it ended.
bool comes_after_the_end(const rollout::Transition& transition) noexcept;

/// Traffic leaves canary: this must not wait for a disk.
bool retreats(const rollout::RolloutState& from, const rollout::RolloutState& to) noexcept;

/// Workers must be told.
bool routes_differ(const rollout::RolloutState& a, const rollout::RolloutState& b) noexcept;

/// Guards ask for stable's p95.
bool measures_latency(const ServicePlan& plan) noexcept;

/// What hooks were asked before, or told, is over.
bool leaves_place(const rollout::RolloutState& from, const rollout::RolloutState& to) noexcept;

/// Somebody lets a rollout go on that a guard held. What the guard holds against the canary
/// would hold it again at once: it is to look anew.
bool overrules_guard(const rollout::RolloutState& from, const rollout::RolloutState& to) noexcept;

/// Whether a request of that key was carried out; those without a key never were.
bool is_repeated(const rollout::RolloutState& state, const std::string& key);

/// The last eight are kept.
void remember(rollout::RolloutState& state, const std::string& key);

}  // namespace weir::rollout_loop
