#include "admin/service_metrics.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "model/transition_kinds.h"
#include "rollout/slow_bound.h"

namespace weir::admin {
namespace {

using outcomes::class_names;
using outcomes::Counts;
using outcomes::MirrorCounts;
using rollout::Hold;
using rollout::HookVerdict;
using rollout::PauseReason;
using rollout::Phase;
using rollout::RolloutState;
using rollout::Verdict;
using rollout_loop::ServiceStatus;

constexpr std::array phases{Phase::healthy, Phase::progressing, Phase::paused, Phase::degraded};
constexpr std::array hook_verdicts{HookVerdict::pass, HookVerdict::fail, HookVerdict::error};
constexpr std::array verdicts{Verdict::insufficient, Verdict::fine, Verdict::worse};
constexpr std::array<std::pair<EndpointHealth, std::string_view>, 4> endpoint_states{
    {{EndpointHealth::healthy, "healthy"},
     {EndpointHealth::unhealthy, "unhealthy"},
     {EndpointHealth::ejected, "ejected"},
     {EndpointHealth::unknown, "unknown"}}};
constexpr std::array pause_reasons{PauseReason::gate, PauseReason::operator_request,
                                   PauseReason::guard, PauseReason::weight_set,
                                   PauseReason::evidence};
constexpr std::array obstacles{Hold::By::freeze, Hold::By::capacity};

/// A counter and where its value stands.
template <class Values>
struct Counter {
  std::string_view name, help;
  std::uint64_t Values::*value;
};
using VersionCounter = Counter<Counts>;
using PoolCounter = Counter<PoolCounters>;

constexpr std::array version_counters{
    VersionCounter{"weir_retries_total", "Requests sent again within their version",
                   &Counts::retries},
    VersionCounter{"weir_shielded_total", "Requests that failed here and were answered by stable",
                   &Counts::shielded},
    VersionCounter{"weir_retry_budget_exhausted_total", "Retries and shields the budget refused",
                   &Counts::budget_exhausted},
    VersionCounter{"weir_sticky_keys_refused_total",
                   "Sticky cookies replaced because their signature did not hold",
                   &Counts::keys_refused},
    VersionCounter{"weir_client_aborts_total", "Exchanges whose client went away first",
                   &Counts::client_aborts},
    VersionCounter{"weir_upstream_connects_total", "Connections established to endpoints",
                   &Counts::connects},
    VersionCounter{"weir_upstream_connect_failures_total", "Connections endpoints did not take",
                   &Counts::connect_failures},
    VersionCounter{"weir_overflows_total", "Requests refused because the pool had no room",
                   &Counts::overflows},
    VersionCounter{"weir_upstream_idle_overflows_total",
                   "Connections closed because max_idle were kept already",
                   &Counts::idle_overflows},
    VersionCounter{"weir_tunnels_opened_total", "Connections that were upgraded",
                   &Counts::tunnels_opened},
    VersionCounter{"weir_tunnels_closed_by_switch_total",
                   "Upgraded connections closed since the version lost its traffic",
                   &Counts::tunnels_switched},
};

constexpr std::array pool_counters{
    PoolCounter{"weir_ejections_total", "Endpoints ejected after failures on live traffic",
                &PoolCounters::ejections},
    PoolCounter{"weir_health_checks_failed_total", "Active health checks that failed",
                &PoolCounters::checks_failed},
    PoolCounter{"weir_dns_failures_total", "Look-ups of endpoint names that failed",
                &PoolCounters::dns_failures},
};

Labels with(Labels labels, std::string_view name, std::string_view value) {
  labels.push_back({std::string(name), std::string(value)});
  return labels;
}

template <class Table, class Values>
void add_counters(MetricFamilies& families, const Labels& labels, const Table& table,
                  const Values& values) {
  for (const auto& each : table) {
    families.counter(each.name, each.help, labels, values.*each.value);
  }
}

void add_exchanges(MetricFamilies& families, const Labels& labels, const Counts& counts) {
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    families.counter("weir_requests_total", "Exchanges that ended, by class of their status",
                     with(labels, "code_class", class_names[i]), counts.by_class[i]);
  }
  families.durations("weir_request_seconds", "From request head read to response complete", labels,
                     counts.by_latency, counts.latency_ns);
  add_counters(families, labels, version_counters, counts);
}

void add_pool(MetricFamilies& families, const Labels& labels, const PoolView& pool,
              const PoolCounters& counters) {
  for (const auto& [health, name] : endpoint_states) {
    const auto wanted = health;
    const auto count =
        std::count_if(pool.endpoints.begin(), pool.endpoints.end(),
                      [wanted](const Endpoint& endpoint) { return endpoint.health == wanted; });
    families.gauge("weir_pool_endpoints", "Endpoints by health", with(labels, "state", name),
                   static_cast<double>(count));
  }
  families.gauge("weir_pool_panic", "1 while too few are healthy and all are tried", labels,
                 pool.panic ? 1 : 0);
  add_counters(families, labels, pool_counters, counters);
}

void add_version(MetricFamilies& families, const ServiceStatus& status, Version version,
                 const PoolCounters& counters) {
  const Labels labels{{"service", status.service}, {"version", std::string(name_of(version))}};
  add_exchanges(families, labels, status.counts[version]);
  families.gauge("weir_active_requests", "Exchanges in flight", labels,
                 static_cast<double>(status.active[version]));
  families.gauge("weir_tunnels", "Upgraded connections now, such as WebSockets", labels,
                 static_cast<double>(status.counts[version].tunnels_open()));
  families.counter("weir_repeated_failures_total",
                   "Failures of a key that was counted already: no evidence", labels,
                   status.repeated_failures[version]);
  add_pool(families, labels, *status.pools[version], counters);
  const auto role = version == status.state.stable ? Role::stable : Role::canary;
  families.gauge("weir_version_role", "1 for the role the version has now",
                 with(labels, "role", name_of(role)), 1);
}

void add_waits(MetricFamilies& families, const Labels& labels, const RolloutState& state) {
  const auto add = [&](std::string_view reason, bool holds) {
    families.gauge("weir_rollout_waiting", "1 for what the rollout waits for",
                   with(labels, "reason", reason), holds ? 1 : 0);
  };
  for (const auto reason : pause_reasons) {
    add(rollout::name_of(reason), state.pause_reason == reason);
  }
  for (const auto by : obstacles) {
    add(rollout::name_of(by), state.hold && state.hold->by == by);
  }
}

void add_conditions(MetricFamilies& families, const Labels& labels, const ServiceStatus& status) {
  const auto& conditions = status.conditions;
  families.gauge("weir_load_requests_per_second", "Requests of both versions, of ten seconds",
                 labels, conditions.load);
  families.gauge("weir_rollout_frozen", "1 while a freeze window is open", labels,
                 status.freeze ? 1 : 0);
  if (status.driver_silence) {
    const std::chrono::duration<double> silence = *status.driver_silence;
    families.gauge("weir_rollout_driver_silent_seconds",
                   "Since the driver's last action or heartbeat", labels, silence.count());
  }
  const auto until = status.state.warm_until.value_or(conditions.wall_clock);
  const std::chrono::duration<double> warm = until - conditions.wall_clock;
  families.gauge("weir_rollout_warm_seconds", "Until the idle pool may be scaled down", labels,
                 std::max(warm.count(), 0.0));
  for (const auto version : both_versions) {
    const auto& pool = conditions.pools[version];
    if (pool.per_endpoint == 0) continue;
    families.gauge("weir_pool_capacity_requests_per_second",
                   "What the healthy endpoints can take, as configured",
                   with(labels, "version", name_of(version)),
                   static_cast<double>(pool.healthy) * pool.per_endpoint);
  }
}

void add_rollout(MetricFamilies& families, const ServiceStatus& status) {
  const Labels labels{{"service", status.service}};
  const auto& state = status.state;
  families.gauge("weir_rollout_weight_ratio", "Canary's share of keys, 0 to 1", labels,
                 state.weight.ratio());
  for (const auto phase : phases) {
    families.gauge("weir_rollout_phase", "1 for the phase the rollout is in",
                   with(labels, "phase", rollout::name_of(phase)), phase == state.phase ? 1 : 0);
  }
  families.gauge("weir_rollout_epoch", "Number of the rollout", labels,
                 static_cast<double>(state.epoch));
  add_waits(families, labels, state);
  add_conditions(families, labels, status);
  if (const auto bound = rollout::slow_bound(state, status.policy)) {
    const std::chrono::duration<double> seconds = *bound;
    families.gauge("weir_rollout_slow_seconds", "An exchange above this is slow", labels,
                   seconds.count());
  }
  families.gauge("weir_rollout_step", "Step the rollout is in, from 0", labels, state.step);
  families.gauge("weir_rollout_steps", "Steps of the rollout", labels,
                 static_cast<double>(status.policy.steps.size()));
  families.counter("weir_failing_keys_overflow_total",
                   "Failures taken for new because too many keys failed in the guard's window",
                   labels, status.keys_overflowed);
  families.gauge("weir_rollout_state_persisted", "0 while the disk does not have the state", labels,
                 status.persist_error.empty() ? 1 : 0);
}

void add_guard(MetricFamilies& families, const ServiceStatus& status,
               const rollout::Assessment& guard) {
  const Labels labels{{"service", status.service}, {"guard", guard.guard}};
  families.gauge("weir_guard_value",
                 "What the guard compares: canary's share, or the evidence against it", labels,
                 guard.value);
  families.gauge("weir_guard_threshold", "What it compares with", labels, guard.threshold);
  if (guard.ratio) {
    families.gauge("weir_guard_ratio", "Canary's share by stable's, where both are known", labels,
                   *guard.ratio);
  }
  const auto evidence = [&](Version version, std::uint64_t requests) {
    families.gauge("weir_guard_evidence", "Requests the guard's verdict is based on",
                   with(labels, "version", name_of(version)), static_cast<double>(requests));
  };
  evidence(status.state.stable, guard.stable.requests);
  evidence(status.state.canary(), guard.canary.requests);
  for (const auto verdict : verdicts) {
    families.gauge("weir_guard_verdict", "1 for the verdict the guard has come to",
                   with(labels, "verdict", rollout::name_of(verdict)),
                   verdict == guard.verdict ? 1 : 0);
  }
}

// Every result from the beginning, as for transitions below.
void add_hooks(MetricFamilies& families, const ServiceStatus& status) {
  for (const auto& hook : status.policy.hooks) {
    for (const auto verdict : hook_verdicts) {
      const auto found = status.hook_counts.find({hook.name, verdict});
      families.counter("weir_hook_calls_total", "Tries to ask a hook, by what they came to",
                       {{"service", status.service},
                        {"hook", hook.name},
                        {"result", std::string(rollout::name_of(verdict))}},
                       found == status.hook_counts.end() ? 0 : found->second);
    }
  }
}

// Every pair of classes an application answers with, from the beginning, as above.
void add_mirrored_classes(MetricFamilies& families, const Labels& labels,
                          const MirrorCounts& counts) {
  constexpr std::size_t first = 2;
  for (auto original = first; original < class_names.size(); ++original) {
    for (auto copy = first; copy < class_names.size(); ++copy) {
      families.counter("weir_mirror_answers_total",
                       "Answers to copies, by class of their status and of the original's",
                       with(with(labels, "code_class", class_names[copy]), "original_class",
                            class_names[original]),
                       counts.by_classes[original][copy]);
    }
  }
}

/// `version`: that copies were sent to.
void add_mirrored(MetricFamilies& families, const std::string& service, Version version,
                  const MirrorCounts& counts) {
  const Labels labels{{"service", service}, {"version", std::string(name_of(version))}};
  for (const auto result : outcomes::mirror_results) {
    families.counter("weir_mirror_requests_total", "Copies of requests, by what became of them",
                     with(labels, "result", outcomes::name_of(result)), counts.of(result));
  }
  add_mirrored_classes(families, labels, counts);
  families.durations("weir_mirror_copy_seconds",
                     "Answers to copies that were compared, from sending to complete", labels,
                     counts.copy_latency, counts.copy_ns);
  families.durations("weir_mirror_original_seconds",
                     "Their originals, from request head read to response complete", labels,
                     counts.original_latency, counts.original_ns);
}

// Every kind from the beginning: a series that appears with its first event hides that
// event from increase().
void add_transitions(MetricFamilies& families, const std::string& service,
                     const TransitionCounts& transitions) {
  for (const auto kind : transition_kinds) {
    const auto found = transitions.find({service, std::string(kind)});
    families.counter("weir_transitions_total", "Changes of a rollout",
                     {{"service", service}, {"kind", std::string(kind)}},
                     found == transitions.end() ? 0 : found->second);
  }
}

}  // namespace

void add_service(MetricFamilies& families, const ServiceStatus& status,
                 const PerVersion<PoolCounters>& pools, const TransitionCounts& transitions) {
  for (const auto version : both_versions) {
    add_version(families, status, version, pools[version]);
  }
  add_rollout(families, status);
  for (const auto& guard : status.guards) add_guard(families, status, guard);
  add_hooks(families, status);
  if (status.mirror) {
    for (const auto version : both_versions) {
      add_mirrored(families, status.service, version, status.mirror->copies[version]);
    }
  }
  add_transitions(families, status.service, transitions);
}

}  // namespace weir::admin
