#include "server/proxy.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "rollout_loop/file_store.h"
#include "server/logging.h"

namespace weir::server {
namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

std::unique_ptr<rollout_loop::StateStore> open_store(const Plan& plan) {
  if (!plan.state.file.empty()) {
    return std::make_unique<rollout_loop::FileStore>(plan.state.file);
  }
  spdlog::warn("state.file is not set: a restart forgets every rollout");
  return std::make_unique<rollout_loop::MemoryStore>();
}

}  // namespace

Proxy::Proxy(std::string config_path, std::shared_ptr<const Plan> plan)
    : config_path_(std::move(config_path)),
      plan_(std::move(plan)),
      signals_(control_, SIGTERM, SIGINT, SIGHUP),
      store_(open_store(*plan_)),
      audit_(plan_->admin.audit_file),
      tls_files_(*plan_),
      workers_(control_, *plan_,
               [this](const std::string& service, Version version, EndpointId endpoint) {
                 pools_.report_failures(service, version, endpoint);
               }),
      loop_(control_, workers_, *store_, audit_),
      pools_(control_,
             [this](const std::string& service, Version version, PoolViewPtr view) {
               loop_.pool_changed(service, version, std::move(view));
             }),
      admin_(
          control_, loop_, plan_->admin, [this] { return ready_; }, metrics_source()) {}

Proxy::~Proxy() = default;

void Proxy::run() {
  access_log_.emplace(workers_, bare_log());
  boost::asio::co_spawn(control_, start(), [this](const std::exception_ptr& error) {
    if (!error) return;
    finish();
    std::rethrow_exception(error);
  });
  control_.run();
  access_log_.reset();
}

Proxy::Awaitable Proxy::start() {
  auto tls = load_tls(*plan_);
  workers_.start();
  workers_.install(tls.clients);
  pools_.apply(*plan_, tls.clients);
  co_await loop_.apply(plan_, pool_views());
  tls_listeners_ = std::move(tls.listeners);
  workers_.listen(plan_->listen, tls_listeners_);
  boost::asio::co_spawn(control_, loop_.run(), boost::asio::detached);
  boost::asio::co_spawn(control_, admin_.run(), boost::asio::detached);
  boost::asio::co_spawn(control_, keep_tls_fresh(), boost::asio::detached);
  warn_of_checks();
  ready_ = true;
  const auto ports = workers_.ports();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    spdlog::info("listening on {}:{}", plan_->listen[i].at.address.text(), ports[i]);
  }
  spdlog::info("admin on {}:{}", plan_->admin.listen.address.text(), admin_.port());
  boost::asio::co_spawn(control_, obey_signals(), boost::asio::detached);
  boost::asio::co_spawn(control_, watch_memory(), boost::asio::detached);
}

Proxy::Awaitable Proxy::obey_signals() {
  for (;;) {
    const auto [error, signal] = co_await signals_.async_wait(as_result);
    if (error) co_return;
    if (signal == SIGHUP) {
      reload_asked_ = true;
      if (!reloading_) boost::asio::co_spawn(control_, reload(), boost::asio::detached);
      continue;
    }
    if (std::exchange(ready_, false)) {
      boost::asio::co_spawn(control_, drain(signal == SIGTERM), boost::asio::detached);
    } else {
      hurry_ = true;
    }
  }
}

Proxy::Awaitable Proxy::watch_memory() {
  using forwarding::MemoryPressure;
  constexpr Milliseconds interval{100};
  boost::asio::steady_timer timer(control_);
  for (;;) {
    memory_ = read_memory(plan_->memory);
    const auto pressure = pressure_of(memory_, plan_->memory);
    if (pressure != workers_.occupancy().memory()) {
      spdlog::warn("memory: {} of {} bytes are used: {}", memory_.used_bytes, memory_.most_bytes,
                   forwarding::explain(pressure));
    }
    workers_.occupancy().set_memory(pressure);
    workers_.release_unused();
    timer.expires_after(interval);
    co_await timer.async_wait(as_result);
  }
}

net::TlsMaterial Proxy::load_tls(const Plan& plan) {
  auto tls = net::load_tls(plan, ticket_keys_);
  std::string problems;
  for (const auto& [path, message] : tls.problems) {
    problems.append(problems.empty() ? "" : "; ").append(path).append(": ").append(message);
  }
  if (!problems.empty()) throw std::runtime_error(problems);
  return tls;
}

Proxy::Awaitable Proxy::keep_tls_fresh() {
  constexpr Milliseconds look{1'000};
  boost::asio::steady_timer timer(control_);
  auto rotated = net::now();
  for (;;) {
    timer.expires_after(look);
    const auto [error] = co_await timer.async_wait(as_result);
    if (error) co_return;
    if (net::now() - rotated >= plan_->timeouts.tls_session) {
      ticket_keys_->rotate();
      rotated = net::now();
    }
    if (ready_ && !reloading_ && tls_files_.changed()) refresh_tls();
  }
}

void Proxy::refresh_tls() {
  try {
    auto tls = load_tls(*plan_);
    workers_.listen(plan_->listen, tls.listeners);
    workers_.install(tls.clients);
    tls_listeners_ = std::move(tls.listeners);
    pools_.apply(*plan_, tls.clients);
    ++tls_reloads_;
    spdlog::info("TLS files read again");
  } catch (const std::exception& error) {
    ++failed_tls_reloads_;
    spdlog::error("TLS files changed: {}; those in force stay", error.what());
  }
}

rollout_loop::RolloutLoop::ViewOf Proxy::pool_views() {
  return
      [this](const std::string& service, Version version) { return pools_.view(service, version); };
}

Proxy::Awaitable Proxy::rest(Milliseconds duration) {
  constexpr Milliseconds slice{20};
  const auto until = net::now() + duration;
  boost::asio::steady_timer timer(control_);
  while (!hurry_ && net::now() < until) {
    timer.expires_after(slice);
    co_await timer.async_wait(as_result);
  }
}

Proxy::Awaitable Proxy::drain(bool keep_accepting) {
  const auto [accept, deadline] = plan_->drain;
  if (keep_accepting) {
    spdlog::info("draining: not ready, accepting for {} ms more", accept.count());
    co_await rest(accept);
  }
  spdlog::info("draining: {} clients have up to {} ms", workers_.clients(), deadline.count());
  workers_.stop_listening();
  workers_.drain();
  const auto until = net::now() + deadline;
  constexpr Milliseconds look{20};
  while (workers_.clients() > 0 && !hurry_ && net::now() < until) co_await rest(look);
  if (const auto left = workers_.clients(); left > 0) {
    spdlog::warn("draining: closing {} clients that did not finish", left);
    workers_.close_all();
    co_await none_left();
  }
  finish();
}

Proxy::Awaitable Proxy::none_left() {
  constexpr Milliseconds look{5};
  boost::asio::steady_timer timer(control_);
  while (workers_.clients() > 0) {
    timer.expires_after(look);
    co_await timer.async_wait(as_result);
  }
}

void Proxy::finish() {
  spdlog::info("stopped");
  loop_.stop();
  pools_.stop();
  admin_.stop();
  workers_.stop();
  net::error_code ignored;
  signals_.cancel(ignored);
  control_.stop();
}

admin::MetricsSource Proxy::metrics_source() {
  return {[this] { return process_counts(); },
          [this](const std::string& service, Version version) {
            const auto status = pools_.totals(service, version);
            return admin::PoolCounters{status.ejections_total, status.checks_failed_total,
                                       status.dns_failures_total};
          }};
}

void Proxy::add_tls_counts(admin::TlsMetrics& tls) {
  for (std::size_t i = 1; i < net::tls_failure_count; ++i) {
    const auto failure = static_cast<net::TlsFailure>(i);
    const auto [client, pool] = workers_.handshakes(failure);
    tls.failures.push_back({net::name_of(failure), client, pool});
  }
  const auto [client, pool] = workers_.handshakes(net::TlsFailure::none);
  const auto [client_resumed, pool_resumed] = workers_.resumed();
  tls.handshakes = {{"full", client - client_resumed, pool - pool_resumed},
                    {"resumed", client_resumed, pool_resumed}};
  for (std::size_t i = 0; i < tls_listeners_.size(); ++i) {
    if (!tls_listeners_[i]) continue;
    for (const auto& each : tls_listeners_[i]->certificates()) {
      tls.certificates.push_back({i, each.name, each.expires_unix_s});
    }
  }
  tls.reloads_ok = tls_reloads_;
  tls.reloads_failed = failed_tls_reloads_;
  tls.redirects = workers_.redirects();
}

admin::ProcessCounts Proxy::process_counts() {
  admin::ProcessCounts counts;
  counts.connections_active = workers_.clients();
  counts.connections_accepted = workers_.clients_accepted();
  counts.connections_refused = workers_.refused(forwarding::Refusal::too_many_clients);
  for (std::size_t i = 1; i < http::fault_count; ++i) {
    const auto fault = static_cast<http::Fault>(i);
    counts.rejections.emplace_back(http::name_of(fault), workers_.refused(fault));
  }
  for (std::size_t i = 0; i < forwarding::refusal_count; ++i) {
    const auto refusal = static_cast<forwarding::Refusal>(i);
    counts.rejections.emplace_back(forwarding::name_of(refusal), workers_.refused(refusal));
  }
  add_tls_counts(counts.tls);
  counts.access_lines_written = access_log_->written();
  counts.access_lines_lost = access_log_->lost();
  counts.log_lines_lost = log_lines_lost();
  counts.limits = {{"limits.connections", plan_->limits.connections},
                   {"limits.connections_per_address", plan_->limits.connections_per_address},
                   {"limits.tunnels", plan_->limits.tunnels},
                   {"limits.queue_per_pool", plan_->limits.queue_per_pool},
                   {"limits.requests_per_pool", plan_->limits.requests_per_pool},
                   {"limits.checks_per_second", plan_->checks_per_second},
                   {"limits.upload_rate", plan_->limits.upload_rate},
                   {"admin.limits.head_bytes", plan_->admin.limits.head_bytes},
                   {"admin.limits.body_bytes", plan_->admin.limits.body_bytes},
                   {"admin.limits.connections", plan_->admin.limits.connections},
                   {"admin.limits.event_streams", plan_->admin.limits.event_streams},
                   {"admin.limits.event_queue", plan_->admin.limits.event_queue},
                   {"log.queue", plan_->log.queue}};
  counts.check_delay_seconds = std::chrono::duration<double>(pools_.check_delay()).count();
  counts.memory_used_bytes = memory_.used_bytes;
  counts.memory_most_bytes = memory_.most_bytes;
  counts.memory_pressure = static_cast<int>(workers_.occupancy().memory());
  counts.reloads_ok = reloads_;
  counts.reloads_failed = failed_reloads_;
  return counts;
}

}  // namespace weir::server
