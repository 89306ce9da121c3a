#include "admin/metrics_page.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "admin/build_version.h"
#include "admin/metric_families.h"
#include "admin/service_metrics.h"
#include "net/clock.h"

namespace weir::admin {
namespace {

/// About a millisecond of work, less than a change of threads may cost on a busy machine.
constexpr std::size_t services_written_in_place = 4;
constexpr Milliseconds most_kept{2'000};

void add_process(MetricFamilies& families, const ProcessCounts& process) {
  families.counter("weir_client_connections_accepted_total", "Client connections taken", {},
                   process.connections_accepted);
  families.counter("weir_client_connections_refused_total", "Client connections beyond the limit",
                   {}, process.connections_refused);
  families.gauge("weir_client_connections", "Client connections now", {{"state", "active"}},
                 static_cast<double>(process.connections_active));
  for (std::size_t i = 0; i < process.clients_by_worker.size(); ++i) {
    families.gauge("weir_worker_clients", "Client connections by the worker that serves them",
                   {{"worker", std::to_string(i)}},
                   static_cast<double>(process.clients_by_worker[i]));
  }
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
  families.counter("weir_failures_lost_total",
                   "Failures not looked at for repeated keys: the queue was full", {},
                   process.failures_lost);
  families.counter("weir_samples_lost_total",
                   "Sample requests of a rollout dropped: the queue was full", {},
                   process.samples_lost);
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

void add_history(MetricFamilies& families, const rollout_loop::RolloutHistory::Counts& history) {
  families.counter("weir_history_dropped_total", "Past rollouts dropped beyond state.history", {},
                   history.dropped);
  families.counter("weir_history_write_failures_total", "Writes of past rollouts that failed", {},
                   history.write_failures);
  families.counter("weir_history_set_aside_total",
                   "Files of past rollouts that could not be read and were moved away", {},
                   history.set_aside);
}

void add_notices(MetricFamilies& families, const rollout_loop::NoticeQueue& notices) {
  for (const auto& [webhook, counts] : notices.counts()) {
    for (const auto end : rollout_loop::notice_ends) {
      families.counter("weir_notifications_total", "Transitions webhooks were told of, or not",
                       {{"webhook", webhook}, {"result", std::string(name_of(end))}},
                       counts.ended[static_cast<std::size_t>(end)]);
    }
    families.counter("weir_notification_failed_tries_total",
                     "Tries to deliver that found no success", {{"webhook", webhook}},
                     counts.failed_tries);
    families.gauge("weir_notifications_waiting", "Not delivered yet", {{"webhook", webhook}},
                   static_cast<double>(notices.waiting_for(webhook)));
  }
}

std::string written_down(const MetricsReading& reading) {
  return prometheus::TextSerializer().Serialize(metric_families(reading));
}

boost::asio::awaitable<std::string> write_down(MetricsReading reading) {
  co_return written_down(reading);
}

}  // namespace

std::vector<prometheus::MetricFamily> metric_families(const MetricsReading& reading) {
  MetricFamilies families;
  for (std::size_t i = 0; i < reading.services.size(); ++i) {
    add_service(families, reading.services[i], reading.pools[i], reading.transitions);
  }
  add_process(families, reading.process);
  add_tls(families, reading.process.tls);
  add_admin(families, reading);
  add_history(families, reading.history);
  add_notices(families, reading.notices);
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
  reading.history = loop_.history().counts();
  reading.notices = loop_.notices();
  return reading;
}

std::vector<prometheus::MetricFamily> MetricsPage::Collect() const {
  return metric_families(read());
}

boost::asio::awaitable<std::string> MetricsPage::text() const {
  const auto began = net::now();
  if (began < kept_until_) co_return kept_;
  auto reading = read();
  if (reading.services.size() <= services_written_in_place) co_return written_down(reading);
  kept_ = co_await boost::asio::co_spawn(writer_, write_down(std::move(reading)),
                                         boost::asio::use_awaitable);
  const auto written = net::now();
  kept_until_ = written + std::min<Instant::duration>(100 * (written - began), most_kept);
  co_return kept_;
}

}  // namespace weir::admin
