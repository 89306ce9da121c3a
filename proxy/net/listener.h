#pragma once
#include <boost/asio/ip/tcp.hpp>

#include "model/plan.h"
#include "net/task.h"
#include "net/worker.h"

namespace weir::net {

/// Who gets accepted connections. Worker thread.
class Reception {
 public:
  virtual ~Reception() = default;
  /// `socket` is non-blocking, with TCP_NODELAY set.
  virtual void accepted(Socket socket) = 0;
};

Tcp::endpoint endpoint_of(const IpAddress& address, std::uint16_t port);
IpAddress address_of(const boost::asio::ip::address& address);

/// Opens, binds and listens with SO_REUSEPORT. Throws `boost::system::system_error`
/// whose text names the address: start-up and reload only.
Tcp::acceptor listen_on(boost::asio::io_context& context, const ListenAddress& address);
Acceptor listen_on(Worker& worker, const ListenAddress& address);

/// Accepts until the acceptor is closed. Out of descriptors it waits and tries
/// again rather than spinning.
Task<> accept_loop(Acceptor& acceptor, Reception& reception);

}  // namespace weir::net
