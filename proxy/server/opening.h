#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "net/inheritance.h"
#include "server/listeners.h"
#include "server/predecessor.h"

namespace weir::server {

/// The sockets a process begins with: those of the process it replaces, those systemd lent,
/// and its own where there are none. Nobody is let in yet. Control thread, start-up only.
class Opening {
 public:
  /// Throws where an address cannot be had, or was lent and is not wanted. `predecessor`:
  /// null: there is none.
  boost::asio::awaitable<void> open(boost::asio::io_context& control, const Plan& plan,
                                    Predecessor* predecessor, Listeners& listeners);

  boost::asio::ip::tcp::acceptor take_admin() { return *std::move(admin_); }
  std::optional<boost::asio::ip::tcp::acceptor> take_health() { return std::move(health_); }
  /// Of what the predecessor offered: what this process goes on with.
  const std::vector<bool>& taken_over() const noexcept { return taken_over_; }

 private:
  boost::asio::ip::tcp::acceptor port_for(boost::asio::io_context& control, net::PortUse use,
                                          const ListenAddress& address, std::string_view key);

  net::Inheritance inherited_;
  std::optional<boost::asio::ip::tcp::acceptor> admin_, health_;
  std::vector<bool> taken_over_;
};

}  // namespace weir::server
