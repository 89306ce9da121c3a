#include "admin/metrics_page.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "admin/build_version.h"
#include "admin/metric_families.h"

namespace weir::admin {
namespace {

using outcomes::Counts;
using rollout::Phase;
using rollout::Verdict;
using rollout_loop::ServiceStatus;

constexpr std::array<std::string_view, outcomes::code_classes> class_names{"none", "1xx", "2xx",
                                                                           "3xx",  "4xx", "5xx"};
constexpr std::array phases{Phase::healthy, Phase::progressing, Phase::paused, Phase::degraded};
constexpr std::array verdicts{Verdict::insufficient, Verdict::fine, Verdict::worse};
constexpr std::array<std::pair<EndpointHealth, std::string_view>, 4> endpoint_states{
    {{EndpointHealth::healthy, "healthy"},
     {EndpointHealth::unhealthy, "unhealthy"},
     {EndpointHealth::ejected, "ejected"},
     {EndpointHealth::unknown, "unknown"}}};
constexpr std::array<std::string_view, 14> transition_kinds{
    "start", "step",     "gate", "pause", "resume", "promote", "finish",
    "abort", "rollback", "hold", "warn",  "retry",  "undo",    "set-weight"};

/// A counter that every version of every service has.
struct VersionCounter {
  std::string_view name, help;
  std::uint64_t Counts::*value;
};

constexpr std::array version_counters{
    VersionCounter{"weir_retries_total", "Requests sent again within their version",
                   &Counts::retries},
    VersionCounter{"weir_shielded_total", "Requests that failed here and were answered by stable",
                   &Counts::shielded},
    VersionCounter{"weir_retry_budget_exhausted_total", "Retries and shields the budget refused",
                   &Counts::budget_exhausted},
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

struct PoolCounter {
  std::string_view name, help;
  std::uint64_t PoolCounters::*value;
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

void add_exchanges(MetricFamilies& families, const Labels& labels, const Counts& counts) {
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    families.counter("weir_requests_total", "Exchanges that ended, by class of their status",
                     with(labels, "code_class", class_names[i]), counts.by_class[i]);
  }
  families.durations("weir_request_seconds", "From request head read to response complete", labels,
                     counts);
  for (const auto& each : version_counters) {
    families.counter(each.name, each.help, labels, counts.*each.value);
  }
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
  for (const auto& each : pool_counters) {
    families.counter(each.name, each.help, labels, counters.*each.value);
  }
}

void add_version(MetricFamilies& families, const ServiceStatus& status, Version version,
                 const PoolCounters& counters) {
  const Labels labels{{"service", status.service}, {"version", std::string(name_of(version))}};
  add_exchanges(families, labels, status.counts[version]);
  families.gauge("weir_active_requests", "Exchanges in flight", labels,
                 static_cast<double>(status.active[version]));
  families.gauge("weir_tunnels", "Upgraded connections now, such as WebSockets", labels,
                 static_cast<double>(status.counts[version].tunnels_open()));
  add_pool(families, labels, *status.pools[version], counters);
  const auto role = version == status.state.stable ? Role::stable : Role::canary;
  families.gauge("weir_version_role", "1 for the role the version has now",
                 with(labels, "role", name_of(role)), 1);
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
  families.gauge("weir_rollout_step", "Step the rollout is in, from 0", labels, state.step);
  families.gauge("weir_rollout_steps", "Steps of the rollout", labels,
                 static_cast<double>(status.policy.steps.size()));
  families.gauge("weir_rollout_state_persisted", "0 while the disk does not have the state", labels,
                 status.persist_error.empty() ? 1 : 0);
}

void add_guard(MetricFamilies& families, const ServiceStatus& status,
               const rollout::Assessment& guard) {
  const Labels labels{{"service", status.service}, {"guard", guard.guard}};
  families.gauge("weir_guard_value", "What the guard compares, of canary", labels, guard.value);
  families.gauge("weir_guard_threshold", "What it compares with", labels, guard.threshold);
  const auto evidence = [&](Version version, std::uint64_t requests) {
    families.gauge("weir_guard_evidence", "Requests in the guard's window",
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

void add_process(MetricFamilies& families, const ProcessCounts& process) {
  families.counter("weir_client_connections_accepted_total", "Client connections taken", {},
                   process.connections_accepted);
  families.counter("weir_client_connections_refused_total", "Client connections beyond the limit",
                   {}, process.connections_refused);
  families.gauge("weir_client_connections", "Client connections now", {{"state", "active"}},
                 static_cast<double>(process.connections_active));
  for (const auto& [reason, count] : process.rejections) {
    families.counter("weir_rejected_requests_total", "Requests that reached no pool",
                     {{"reason", std::string(reason)}}, count);
  }
  families.counter("weir_access_log_written_total", "Access log lines written", {},
                   process.access_lines_written);
  families.counter("weir_access_log_lost_total", "Access log lines dropped: the queue was full", {},
                   process.access_lines_lost);
  families.counter("weir_log_lost_total", "Text log lines dropped: the output was too slow", {},
                   process.log_lines_lost);
  for (const auto& [name, value] : process.limits) {
    families.gauge("weir_limit", "Bounds in force, by their key in the configuration",
                   {{"limit", std::string(name)}}, static_cast<double>(value));
  }
  families.gauge("weir_health_check_delay_seconds",
                 "How much later than due a check starts, for limits.checks_per_second", {},
                 process.check_delay_seconds);
  families.gauge("weir_memory_used_bytes", "Memory that counts against the limit", {},
                 static_cast<double>(process.memory_used_bytes));
  families.gauge("weir_memory_limit_bytes", "Memory the process may use; 0 where none is known", {},
                 static_cast<double>(process.memory_most_bytes));
  families.gauge("weir_memory_pressure", "0 none, 1 no keep-alive, 2 nothing new is taken", {},
                 process.memory_pressure);
  families.counter("weir_config_reloads_total", "Configurations read again", {{"result", "ok"}},
                   process.reloads_ok);
  families.counter("weir_config_reloads_total", "", {{"result", "failed"}}, process.reloads_failed);
  families.counter("weir_take_overs_failed_total",
                   "Processes that came to replace this one and did not come to serve", {},
                   process.take_overs_failed);
}

void add_tls(MetricFamilies& families, const TlsMetrics& tls) {
  const auto by_side = [&](std::string_view name, std::string_view help, std::string_view label,
                           const TlsMetrics::BySide& each) {
    for (const auto& [side, count] : {std::pair{"client", each.client}, {"pool", each.pool}}) {
      families.counter(name, help, {{"side", side}, {std::string(label), std::string(each.label)}},
                       count);
    }
  };
  for (const auto& each : tls.handshakes) {
    by_side("weir_tls_handshakes_total", "TLS handshakes that went well", "kind", each);
  }
  for (const auto& each : tls.failures) {
    by_side("weir_tls_handshake_failures_total", "TLS handshakes that failed", "reason", each);
  }
  for (const auto& each : tls.certificates) {
    families.gauge("weir_tls_certificate_expiry_seconds", "When it runs out, in Unix time",
                   {{"listener", std::to_string(each.listener)}, {"name", each.name}},
                   static_cast<double>(each.expires_unix_s));
  }
  families.counter("weir_tls_reloads_total", "TLS files read again after a change",
                   {{"result", "ok"}}, tls.reloads_ok);
  families.counter("weir_tls_reloads_total", "", {{"result", "failed"}}, tls.reloads_failed);
  families.counter("weir_https_redirects_total", "Requests sent to https", {}, tls.redirects);
}

void add_admin(MetricFamilies& families, const MetricsReading& reading) {
  families.gauge("weir_admin_connections", "Connections to the admin API now", {},
                 static_cast<double>(reading.admin.connections_active));
  families.gauge("weir_admin_event_streams", "Streams of events now", {},
                 static_cast<double>(reading.admin.event_streams));
  for (const auto& [limit, count] : reading.admin.overruns) {
    families.counter("weir_admin_limit_exceeded_total",
                     "Refused by the admin API, by the key of the limit",
                     {{"limit", std::string(limit)}}, count);
  }
  families.counter("weir_admin_requests_refused_total", "Admin requests answered 401 or 403", {},
                   reading.admin.requests_refused);
  families.counter("weir_state_persist_failures_total", "Writes of rollout state that failed", {},
                   reading.persist_failures);
  families.gauge("weir_build_info", "1, for the version that runs",
                 {{"version", std::string(build_version)}}, 1);
}

boost::asio::awaitable<std::string> write_down(MetricsReading reading) {
  co_return prometheus::TextSerializer().Serialize(metric_families(reading));
}

}  // namespace

std::vector<prometheus::MetricFamily> metric_families(const MetricsReading& reading) {
  MetricFamilies families;
  for (std::size_t i = 0; i < reading.services.size(); ++i) {
    const auto& status = reading.services[i];
    for (const auto version : both_versions) {
      add_version(families, status, version, reading.pools[i][version]);
    }
    add_rollout(families, status);
    for (const auto& guard : status.guards) add_guard(families, status, guard);
    add_transitions(families, status.service, reading.transitions);
  }
  add_process(families, reading.process);
  add_tls(families, reading.process.tls);
  add_admin(families, reading);
  return families.take();
}

MetricsPage::MetricsPage(rollout_loop::RolloutLoop& loop, MetricsSource source,
                         std::function<AdminCounts()> admin)
    : loop_(loop), source_(std::move(source)), admin_(std::move(admin)) {
  subscription_ = loop_.events().subscribe([this](const rollout_loop::Event& event) {
    ++transitions_[{event.service, event.transition.kind}];
  });
}

MetricsReading MetricsPage::read() const {
  MetricsReading reading;
  for (const auto& name : loop_.services()) {
    auto status = loop_.status(name);
    if (!status) continue;
    reading.services.push_back(*std::move(status));
    reading.pools.push_back(
        {{source_.pool(name, Version::blue), source_.pool(name, Version::green)}});
  }
  reading.process = source_.process();
  reading.admin = admin_();
  reading.transitions = transitions_;
  reading.persist_failures = loop_.persist_failures();
  return reading;
}

std::vector<prometheus::MetricFamily> MetricsPage::Collect() const {
  return metric_families(read());
}

boost::asio::awaitable<std::string> MetricsPage::text() const {
  co_return co_await boost::asio::co_spawn(writer_, write_down(read()), boost::asio::use_awaitable);
}

}  // namespace weir::admin
