#include "net/clock.h"
#include "rollout_loop/changes.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::rollout_loop {

bool RolloutLoop::adopt(Service& service, rollout::Decision decision, const std::string& who) {
  const auto& name = service.plan->name;
  const auto before = service.state;
  const bool changed = !decision.transitions.empty();
  const bool retreat = retreats(before, decision.next);
  explain(decision.transitions, service.assessments, service.seen);
  auto events = events_of(name, std::move(decision.transitions), who);
  const auto waiting = changed ? std::optional(notices_) : std::nullopt;
  for (const auto& event : events) notices_.add(event);
  if (changed && !retreat && !save(name, decision.next)) {
    notices_ = *waiting;
    return false;
  }
  service.state = decision.next;
  states_[name] = service.state;
  if (service.state.in_progress() != before.in_progress()) wake();
  if (service.state.epoch != before.epoch) {
    begin_epoch(service);
  } else if (overrules_guard(before, service.state)) {
    begin_evidence(service);
  } else if (before.slower_than != service.state.slower_than) {
    service.guards.measure_anew(service.plan->rollout, *slowness_of(service));
  }
  if (leaves_place(before, service.state)) service.hooks.forget();
  unsaved_ |= before.passed_hooks != service.state.passed_hooks ||
              before.slower_than != service.state.slower_than;
  if (routes_differ(before, service.state)) publish();
  if (changed && retreat) unsaved_ = !save(name, service.state);
  announce(service, std::move(events));
  return true;
}

void RolloutLoop::begin_epoch(Service& service) {
  begin_evidence(service);
  service.at_start = publication_.counts(service.index);
  service.seen = {};
}

void RolloutLoop::begin_evidence(Service& service) {
  const auto before = service.evidence.stable_before(service.state.stable, net::now());
  service.guards = rollout::GuardPanel(service.plan->rollout, before, slowness_of(service));
  service.assessments.clear();
  service.evidence.begin(*service.plan, publication_.counts(service.index));
}

std::optional<rollout::Slowness> RolloutLoop::slowness_of(const Service& service) {
  const auto bound = service.state.slower_than;
  if (!bound || !measures_latency(*service.plan)) return std::nullopt;
  return rollout::Slowness{*bound, service.evidence.stable_above(service.state.stable, *bound)};
}

std::vector<Event> RolloutLoop::events_of(const std::string& service,
                                          std::vector<rollout::Transition> transitions,
                                          const std::string& who) const {
  std::vector<Event> events;
  events.reserve(transitions.size());
  for (auto& transition : transitions) {
    events.push_back({0, net::unix_ms(), service, who, std::move(transition)});
  }
  return events;
}

void RolloutLoop::announce(Service& service, std::vector<Event> events) {
  for (auto& event : events) {
    event.id = events_.last_id() + 1;
    if (!comes_after_the_end(event.transition)) {
      service.last = in_short(event);
      history_.note(event);
    }
    audit_.transition(event);
    events_.publish(std::move(event));
  }
}

bool RolloutLoop::save(const std::string& service, const rollout::RolloutState& state) {
  auto states = states_;
  if (!service.empty()) states[service] = state;
  persist_error_ = store_.save(states, notices_.waiting());
  saved_at_ = net::now();
  if (persist_error_.empty()) return true;
  ++persist_failures_;
  return false;
}

}  // namespace weir::rollout_loop
