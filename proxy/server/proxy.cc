#include "server/proxy.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "net/socket_activation.h"
#include "rollout_loop/file_store.h"
#include "server/logging.h"
#include "server/process_counts.h"
#include "server/short_slices.h"

namespace weir::server {
namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

std::unique_ptr<rollout_loop::StateStore> open_store(const Plan& plan, net::Descriptor lock) {
  if (!plan.state.file.empty()) {
    return std::make_unique<rollout_loop::FileStore>(plan.state.file, std::move(lock));
  }
  spdlog::warn("state.file is not set: a restart forgets every rollout");
  return std::make_unique<rollout_loop::MemoryStore>();
}

std::string history_folder(const Plan& plan) {
  return plan.state.file.empty() ? std::string() : plan.state.file + ".history";
}

/// Throws where there are any.
void refuse(const net::TlsProblems& problems) {
  std::string text;
  for (const auto& [path, message] : problems) {
    text.append(text.empty() ? "" : "; ").append(path).append(": ").append(message);
  }
  if (!text.empty()) throw std::runtime_error(text);
}

}  // namespace

Proxy::Proxy(std::string config_path, std::shared_ptr<const Plan> plan, std::string take_over)
    : config_path_(std::move(config_path)),
      take_over_(std::move(take_over)),
      plan_(std::move(plan)),
      signals_(control_, SIGTERM, SIGINT, SIGHUP),
      audit_(plan_->admin.audit_file),
      history_(history_folder(*plan_)),
      tls_files_(*plan_),
      workers_(control_, *plan_,
               [this](const std::string& service, Version version, EndpointId endpoint) {
                 pools_.report_failures(service, version, endpoint);
               }),
      pools_(control_, [this](const std::string& service, Version version, PoolViewPtr view) {
        if (loop_) loop_->pool_changed(service, version, std::move(view));
      }) {}

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
  refuse(net::unreadable_secrets(*plan_));
  poster_.trust(tls.hooks);
  co_await prepare();
  workers_.start();
  workers_.install(tls.clients, tls.sticky);
  pools_.apply(*plan_, tls.clients);
  co_await open_state();
  admin_.emplace(
      control_, opening_.take_admin(), opening_.take_health(), *loop_, plan_->admin,
      [this] { return ready_; }, metrics_source());
  co_await loop_->apply(plan_, pool_views());
  tls_listeners_ = std::move(tls.listeners);
  workers_.listeners().listen(plan_->listen, tls_listeners_);
  warn_of_checks();
  ready_ = true;
  if (auto* port = admin_->health_port()) {
    boost::asio::co_spawn(control_, port->run(), boost::asio::detached);
  }
  if (predecessor_) co_await replace_predecessor();
  begin_control();
}

/// Everything that can fail without touching anybody.
Proxy::Awaitable Proxy::prepare() {
  if (!take_over_.empty()) {
    predecessor_.emplace(control_, take_over_, plan_->take_over.timeout);
  } else if (!plan_->take_over.socket.empty()) {
    net::refuse_if_served(plan_->take_over.socket);
    succession_.emplace(control_, plan_->take_over, estate());
  }
  auto* predecessor = predecessor_ ? &*predecessor_ : nullptr;
  co_await opening_.open(control_, *plan_, predecessor, workers_.listeners());
}

/// From `take` on the process before waits for this one.
Proxy::Awaitable Proxy::open_state() {
  Predecessor::Estate left;
  if (predecessor_) {
    constexpr Milliseconds look{10};
    const auto until = net::now() + plan_->take_over.timeout;
    while (!pools_.looked_at() && net::now() < until) co_await departure_.rest(look);
    left = co_await predecessor_->take();
  }
  store_ = open_store(*plan_, std::move(left.state_lock));
  loop_.emplace(control_, workers_, *store_, audit_, history_, poster_, std::move(left.kept));
  if (predecessor_) loop_->suspend();
  notifier_.emplace(control_, *loop_, poster_);
}

/// Up to here both may accept; from the answer on, one of the two does.
Proxy::Awaitable Proxy::replace_predecessor() {
  const bool replaced = co_await predecessor_->replace(opening_.taken_over());
  if (!replaced) {
    ready_ = false;
    workers_.listeners().stop();
    co_await departure_.let_clients_finish(plan_->drain);
    throw TakeOverError("take-over: the process at " + take_over_ + " goes on");
  }
  workers_.listeners().own_inherited();
  loop_->resume();
  predecessor_.reset();
  if (plan_->take_over.socket.empty()) co_return;
  try {
    succession_.emplace(control_, plan_->take_over, estate());
  } catch (const std::exception& error) {
    spdlog::error("take_over.socket: {}; this process cannot be replaced", error.what());
  }
}

void Proxy::begin_control() {
  ask_for_short_slices();
  boost::asio::co_spawn(control_, loop_->run(), boost::asio::detached);
  boost::asio::co_spawn(control_, admin_->run(), boost::asio::detached);
  boost::asio::co_spawn(control_, notifier_->run(), boost::asio::detached);
  boost::asio::co_spawn(control_, keep_tls_fresh(), boost::asio::detached);
  if (succession_) boost::asio::co_spawn(control_, succession_->run(), boost::asio::detached);
  const auto ports = workers_.listeners().ports();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    spdlog::info("listening on {}:{}", plan_->listen[i].at.address.text(), ports[i]);
  }
  if (auto* port = admin_->health_port()) {
    spdlog::info("health on {}:{}", plan_->health.listen->address.text(), port->number());
  }
  spdlog::info("admin on {}:{}", plan_->admin.listen.address.text(), admin_->port());
  boost::asio::co_spawn(control_, obey_signals(), boost::asio::detached);
  boost::asio::co_spawn(control_,
                        memory_.run([this]() -> const MemoryPlan& { return plan_->memory; }),
                        boost::asio::detached);
  net::tell_systemd("READY=1\nMAINPID=" + std::to_string(::getpid()));
}

std::vector<OfferedListener> Proxy::offer() {
  auto offered = workers_.listeners().offer();
  offered.push_back(
      {net::PortUse::admin, plan_->admin.listen, false, {admin_->admin_port().socket()}});
  if (auto* port = admin_->health_port()) {
    offered.push_back({net::PortUse::health, *plan_->health.listen, false, {port->socket()}});
  }
  return offered;
}

Estate Proxy::estate() {
  Estate estate;
  estate.offer = [this] { return offer(); };
  estate.generation = [this] { return workers_.listeners().generation(); };
  estate.pause = [this] {
    admin_->admin_port().hold();
    return loop_->hand_over();
  };
  estate.resume = [this] {
    loop_->resume();
    admin_->admin_port().resume();
  };
  estate.state_lock = [this] { return store_->lock(); };
  estate.leave = [this](const std::vector<bool>& taken) { leave(taken); };
  return estate;
}

void Proxy::leave(const std::vector<bool>& taken) {
  spdlog::info("replaced by another process");
  ready_ = false;
  admin_->leave();
  workers_.listeners().stop(taken);
  boost::asio::co_spawn(control_, depart(), boost::asio::detached);
}

Proxy::Awaitable Proxy::obey_signals() {
  for (;;) {
    const auto [error, signal] = co_await signals_.async_wait(as_result);
    if (error) co_return;
    if (signal == SIGHUP) {
      reload_asked_ = ready_;
      if (reload_asked_ && !reloading_) {
        boost::asio::co_spawn(control_, reload(), boost::asio::detached);
      }
      continue;
    }
    if (std::exchange(ready_, false)) {
      boost::asio::co_spawn(control_, drain(signal == SIGTERM), boost::asio::detached);
    } else {
      departure_.hurry();
    }
  }
}

net::TlsMaterial Proxy::load_tls(const Plan& plan) {
  auto tls = net::load_tls(plan, ticket_keys_);
  refuse(tls.problems);
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
    workers_.listeners().listen(plan_->listen, tls.listeners);
    workers_.install(tls.clients, tls.sticky);
    tls_listeners_ = std::move(tls.listeners);
    pools_.apply(*plan_, tls.clients);
    poster_.trust(tls.hooks);
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

Proxy::Awaitable Proxy::drain(bool keep_accepting) {
  net::tell_systemd("STOPPING=1");
  if (succession_) succession_->stop();
  if (keep_accepting) {
    const auto accept = plan_->drain.accept;
    spdlog::info("draining: not ready, accepting for {} ms more", accept.count());
    co_await departure_.rest(accept);
  }
  workers_.listeners().stop();
  co_await depart();
}

Proxy::Awaitable Proxy::depart() {
  co_await departure_.let_clients_finish(plan_->drain);
  finish();
}

void Proxy::finish() {
  spdlog::info("stopped");
  if (notifier_) notifier_->stop();
  if (loop_) loop_->stop();
  pools_.stop();
  if (admin_) admin_->stop();
  if (succession_) succession_->stop();
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

admin::ProcessCounts Proxy::process_counts() {
  auto counts = count_workers(workers_, *plan_);
  count_tls(workers_, tls_listeners_, counts.tls);
  counts.tls.reloads_ok = tls_reloads_;
  counts.tls.reloads_failed = failed_tls_reloads_;
  counts.access_lines_written = access_log_->written();
  counts.access_lines_lost = access_log_->lost();
  counts.log_lines_lost = log_lines_lost();
  counts.failures_lost = workers_.failures_lost();
  counts.samples_lost = workers_.samples_lost();
  counts.check_delay_seconds = std::chrono::duration<double>(pools_.check_delay()).count();
  counts.memory_used_bytes = memory_.reading().used_bytes;
  counts.memory_most_bytes = memory_.reading().most_bytes;
  counts.reloads_ok = reloads_;
  counts.reloads_failed = failed_reloads_;
  counts.take_overs_failed = succession_ ? succession_->failed() : 0;
  return counts;
}

}  // namespace weir::server
