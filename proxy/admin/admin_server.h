#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>

#include "admin/access.h"
#include "admin/api.h"
#include "admin/connection.h"
#include "admin/metrics_page.h"
#include "model/plan.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// The admin API on a port of its own. Lives on the control thread, which runs `control`;
/// `control` and `loop` outlive it. Once `run` was spawned, it is destroyed either after
/// `run` has returned or after `control` has run for the last time.
class AdminServer {
 public:
  /// Listens when it returns. Throws `boost::system::system_error` naming the address
  /// where it cannot, and `TokenError` for a token file without a token.
  AdminServer(boost::asio::io_context& control, rollout_loop::RolloutLoop& loop,
              const AdminPlan& plan, Health ready, MetricsSource source);
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  /// Serves until `stop`; returns once the last connection has ended.
  boost::asio::awaitable<void> run();
  /// Closes the port and every connection.
  void stop();

  /// Takes over the token file and the limits of a new configuration; the address stays until a
  /// restart. Throws `TokenError`; nothing changed then.
  void reconfigure(const AdminPlan& plan);
  std::uint16_t port() const noexcept { return port_; }

 private:
  boost::asio::awaitable<void> accept();
  void take(boost::asio::ip::tcp::socket socket);
  void ended(std::list<Connection>::iterator connection, const std::exception_ptr& failure);
  AdminCounts counts() const;

  boost::asio::io_context& control_;
  boost::asio::ip::tcp::acceptor acceptor_;
  const std::uint16_t port_;
  boost::asio::steady_timer pause_;  ///< between failed accepts; until the last has ended
  Access access_;
  MetricsPage page_;
  Api api_;
  Reception reception_;
  std::list<Connection> connections_;
  std::uint64_t connections_refused_ = 0;
};

}  // namespace weir::admin
