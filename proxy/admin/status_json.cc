#include "admin/status_json.h"

#include <boost/json/array.hpp>

#include "rollout/slow_bound.h"
#include "rollout_loop/evidence_json.h"
#include "rollout_loop/history_text.h"

namespace weir::admin {
namespace {

namespace json = boost::json;
using rollout::RolloutState;
using rollout_loop::in_units;
using rollout_loop::MirrorStatus;
using rollout_loop::ServiceStatus;
using rollout_loop::to_json;

json::value percent(Weight weight) { return in_units(weight.basis_points(), 100); }

json::value seconds(Milliseconds duration) { return in_units(duration.count(), 1'000); }

std::string_view name_of(EndpointHealth health) noexcept {
  switch (health) {
    case EndpointHealth::unknown:
      return "unknown";
    case EndpointHealth::healthy:
      return "healthy";
    case EndpointHealth::unhealthy:
      return "unhealthy";
    case EndpointHealth::ejected:
      return "ejected";
  }
  return "";
}

json::array texts(const std::vector<std::string>& from) {
  json::array list;
  for (const auto& text : from) list.emplace_back(text);
  return list;
}

json::object to_json(const Step& step) {
  return {{"weight_percent", percent(step.weight)},
          {"hold_seconds", seconds(step.hold)},
          {"min_requests", step.min_requests},
          {"manual_gate", step.manual_gate}};
}

json::object to_json(const Endpoint& endpoint) {
  const auto address = endpoint.address.text();
  const auto host = endpoint.address.is_v4() ? address : '[' + address + ']';
  return {{"address", host + ':' + std::to_string(endpoint.port)},
          {"health", name_of(endpoint.health)}};
}

template <class Values>
json::array list_of(const Values& values) {
  json::array list;
  for (const auto& value : values) list.push_back(to_json(value));
  return list;
}

json::object by_class(const outcomes::Counts& counts) {
  json::object classes;
  for (std::size_t i = 0; i < outcomes::code_classes; ++i) {
    classes[outcomes::class_names[i]] = counts.by_class[i];
  }
  return classes;
}

/// Of the healthy endpoints together.
json::value capacity_json(const rollout::PoolCapacity& pool) {
  if (pool.per_endpoint == 0) return nullptr;
  return std::uint64_t{pool.healthy} * pool.per_endpoint;
}

json::value moment(const std::optional<WallTime>& when) {
  return when ? json::value(when->time_since_epoch().count()) : json::value();
}

json::value to_json(const std::optional<rollout::Hold>& hold) {
  if (!hold) return nullptr;
  return {{"by", rollout::name_of(hold->by)}, {"reason", hold->reason}};
}

json::value to_json(const std::optional<rollout::Freeze>& freeze) {
  if (!freeze) return nullptr;
  return {{"window", freeze->window},
          {"until_unix_ms", moment(freeze->until)},
          {"text", rollout::text_of(*freeze)}};
}

json::object version_json(const ServiceStatus& status, Version version) {
  const auto& counts = status.counts[version];
  const auto& in_rollout = status.rollout_counts[version];
  const auto& pool = *status.pools[version];
  const auto role = version == status.state.stable ? Role::stable : Role::canary;
  return {{"role", weir::name_of(role)},
          {"requests", counts.requests()},
          {"errors", counts.evidence_errors},
          {"by_class", by_class(counts)},
          {"rollout_requests", in_rollout.requests()},
          {"rollout_errors", in_rollout.evidence_errors},
          {"active", status.active[version]},
          {"client_aborts", counts.client_aborts},
          {"retries", counts.retries},
          {"shielded", counts.shielded},
          {"budget_exhausted", counts.budget_exhausted},
          {"connects", counts.connects},
          {"connect_failures", counts.connect_failures},
          {"overflows", counts.overflows},
          {"healthy", pool.healthy},
          {"capacity_per_second", capacity_json(status.conditions.pools[version])},
          {"panic", pool.panic},
          {"endpoints", list_of(pool.endpoints)}};
}

json::value bound_json(const ServiceStatus& status) {
  const auto bound = rollout::slow_bound(status.state, status.policy);
  return bound ? in_units(bound->count(), 1'000'000) : json::value();
}

/// In seconds; null where there is none.
json::value mean(std::uint64_t sum_ns, std::uint64_t count) {
  if (count == 0) return nullptr;
  return in_units(static_cast<std::int64_t>(sum_ns / count / 1'000), 1'000'000);
}

/// The pairs that occurred: the original's class, then the copy's.
json::object by_classes(const outcomes::MirrorCounts& counts) {
  json::object originals;
  for (std::size_t original = 0; original < outcomes::code_classes; ++original) {
    json::object copies;
    for (std::size_t copy = 0; copy < outcomes::code_classes; ++copy) {
      const auto count = counts.by_classes[original][copy];
      if (count > 0) copies[outcomes::class_names[copy]] = count;
    }
    if (!copies.empty()) originals[outcomes::class_names[original]] = std::move(copies);
  }
  return originals;
}

json::value mirror_json(const std::optional<MirrorStatus>& mirror, Version canary) {
  if (!mirror) return nullptr;
  const auto& counts = mirror->copies[canary];
  json::object body{{"share_percent", percent(mirror->share)},
                    {"to", weir::name_of(canary)},
                    {"by_class", by_classes(counts)},
                    {"mean_original_seconds", mean(counts.original_ns, counts.compared())},
                    {"mean_copy_seconds", mean(counts.copy_ns, counts.compared())}};
  for (const auto result : outcomes::mirror_results) {
    body[outcomes::name_of(result)] = counts.of(result);
  }
  return body;
}

json::object position(const RolloutState& state) {
  return {{"epoch", state.epoch},
          {"phase", rollout::name_of(state.phase)},
          {"pause_reason", rollout::name_of(state.pause_reason)},
          {"stable", weir::name_of(state.stable)},
          {"canary", weir::name_of(state.canary())},
          {"weight_percent", percent(state.weight)},
          {"step", state.step}};
}

}  // namespace

json::object to_json(const ServiceStatus& status) {
  const auto& state = status.state;
  auto body = position(state);
  body["service"] = status.service;
  body["steps"] = list_of(status.policy.steps);
  body["hold_back_percent"] = percent(status.policy.hold_back);
  body["slower_than_seconds"] = bound_json(status);
  body["held_seconds"] = seconds(status.held);
  body["step_requests"] = state.step_requests;
  body["driver_timeout_seconds"] = seconds(status.policy.driver_timeout);
  body["driver_silent_seconds"] =
      status.driver_silence ? seconds(*status.driver_silence) : json::value();
  body["max_wait_seconds"] = seconds(status.policy.max_wait);
  body["hold"] = to_json(state.hold);
  body["freeze"] = to_json(status.freeze);
  body["load_per_second"] = status.conditions.load;
  body["bake_seconds"] = seconds(status.policy.bake);
  body["warm_until_unix_ms"] = moment(state.warm_until);
  body["revision"] = state.revision;
  body["reason"] = state.reason;
  body["can_undo"] = state.can_undo;
  body["last_transition"] = status.last.kind.empty() ? json::value() : to_json(status.last);
  body["guards"] = list_of(status.guards);
  body["seen"] = to_json(status.seen);
  body["versions"] = {{"blue", version_json(status, Version::blue)},
                      {"green", version_json(status, Version::green)}};
  body["mirror"] = mirror_json(status.mirror, state.canary());
  body["state_persisted"] = status.persist_error.empty();
  body["persist_error"] = status.persist_error;
  body["hooks_asked"] = texts(status.hooks_asked);
  body["notifications"] = {{"waiting", status.notices.count}, {"trouble", status.notices.trouble}};
  return body;
}

json::object to_json(const rollout_loop::Event& event) {
  const auto& transition = event.transition;
  auto body = position(transition.to);
  body["id"] = event.id;
  body["unix_ms"] = event.unix_ms;
  body["service"] = event.service;
  body["who"] = event.who;
  body["kind"] = transition.kind;
  body["revision"] = transition.to.revision;
  body["reason"] = transition.reason;
  body["from"] = position(transition.from);
  body["guard"] = transition.guard;
  body["guards"] = list_of(transition.assessments);
  body["seen"] = to_json(transition.seen);
  return body;
}

json::object to_json(const rollout_loop::RolloutHistory& history, const std::string& service) {
  return {{"service", service},
          {"rollouts", list_of(history.past(service))},
          {"persisted", history.is_written(service)},
          {"persist_error", history.write_error()}};
}

}  // namespace weir::admin
