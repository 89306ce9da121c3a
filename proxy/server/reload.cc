#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/clock.h"
#include "net/socket_activation.h"
#include "server/candidate.h"
#include "server/proxy.h"

namespace weir::server {
namespace {

/// With the time, which systemd asks for (sd_notify(3)).
std::string reloading_state() {
  const auto now = net::now().time_since_epoch();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds);
}

}  // namespace

Proxy::Awaitable Proxy::reload() {
  reloading_ = true;
  net::tell_systemd(reloading_state());
  while (std::exchange(reload_asked_, false)) {
    try {
      co_await take_over_configuration();
      ++reloads_;
      spdlog::info("reloaded {}", config_path_);
    } catch (const std::exception& error) {
      ++failed_reloads_;
      spdlog::error("reload: {}; the configuration in force stays", error.what());
    }
  }
  reloading_ = false;
  net::tell_systemd("READY=1");
}

// What can fail comes first. From `begin` to `apply`, pools by the old plan and the old
// routes serve on; then every worker goes over to pools, TLS and routes of the new plan
// between two requests.
Proxy::Awaitable Proxy::take_over_configuration() {
  constexpr Milliseconds slice{5};
  auto candidate = co_await read_candidate(background_, config_path_, ticket_keys_);
  for (const auto& problem : candidate.problems) spdlog::error("reload: {}", problem);
  if (!candidate.problems.empty()) throw std::runtime_error("the configuration has mistakes");
  if (!ready_) throw std::runtime_error("the proxy is draining");
  if (succession_ && succession_->under_way()) {
    throw std::runtime_error("another process is taking over");
  }
  const auto plan = candidate.plan;
  workers_.listeners().listen(plan->listen, candidate.tls.listeners);
  admin_->reconfigure(plan->admin);
  tls_files_ = *std::move(candidate.files);
  tls_listeners_ = std::move(candidate.tls.listeners);
  pools_.begin(plan, candidate.tls.clients);
  for (bool done = false; !done;) {
    done = pools_.go_on(slice);
    co_await boost::asio::post(control_, boost::asio::use_awaitable);
  }
  workers_.install(candidate.tls.clients, candidate.tls.sticky);
  poster_.trust(candidate.tls.hooks);
  pools_.finish();
  co_await loop_->apply(plan, pool_views());
  plan_ = plan;
  warn_of_checks();
}

void Proxy::warn_of_checks() const {
  const auto wanted = checks_wanted_per_second(*plan_);
  if (wanted <= plan_->checks_per_second) return;
  spdlog::warn(
      "health checks: {:.0f} a second are configured and limits.checks_per_second allows {}: "
      "they come later than their interval",
      wanted, plan_->checks_per_second);
}

}  // namespace weir::server
