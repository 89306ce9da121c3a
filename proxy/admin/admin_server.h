#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "admin/access.h"
#include "admin/api.h"
#include "admin/connection.h"
#include "admin/metrics_page.h"
#include "admin/port.h"
#include "model/plan.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// The admin API on a port of its own, and /readyz and /healthz on another one where there is.
/// Lives on the control thread, which runs `control`; `control` and `loop` outlive it. Once
/// `run` was spawned, it is destroyed either after `run` has returned or after `control` has
/// run for the last time.
class AdminServer {
 public:
  /// Listens when it returns. Throws `boost::system::system_error` naming the address
  /// where it cannot, and `TokenError` for a token file without a token.
  AdminServer(boost::asio::io_context& control, rollout_loop::RolloutLoop& loop,
              const AdminPlan& plan, Health ready, MetricsSource source);
  /// With sockets that listen already. `health`: where probes are answered, whoever asks and
  /// whatever the Host; nothing: nowhere but on the admin port.
  AdminServer(boost::asio::io_context& control, boost::asio::ip::tcp::acceptor admin,
              std::optional<boost::asio::ip::tcp::acceptor> health, rollout_loop::RolloutLoop& loop,
              const AdminPlan& plan, Health ready, MetricsSource source);
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  /// Serves until `stop`; returns once the last connection has ended.
  boost::asio::awaitable<void> run() { return port_.run(); }
  Port& admin_port() noexcept { return port_; }
  Port* health_port() noexcept { return health_port_ ? &*health_port_ : nullptr; }
  /// Another process has both addresses now.
  void leave();
  /// Closes the ports and every connection.
  void stop();

  /// Takes over the token file and the limits of a new configuration; the addresses stay until a
  /// restart. Throws `TokenError`; nothing changed then.
  void reconfigure(const AdminPlan& plan);
  std::uint16_t port() const noexcept { return port_.number(); }

 private:
  AdminCounts counts() const;

  Access access_;
  MetricsPage page_;
  Api api_;
  Reception reception_, probe_reception_;
  Port port_;
  std::optional<Port> health_port_;
};

}  // namespace weir::admin
