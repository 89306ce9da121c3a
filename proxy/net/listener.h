#pragma once
#include <boost/asio/ip/tcp.hpp>

#include "model/plan.h"
#include "net/descriptor.h"
#include "net/socket.h"
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

/// Opens and binds with SO_REUSEPORT, and listens. Throws `boost::system::system_error`
/// whose text names the address: start-up and reload only.
Acceptor listen_on(Worker& worker, const ListenAddress& address);
/// The same but for the listening: nobody is connected yet.
Acceptor bind_to(Worker& worker, const ListenAddress& address);
void begin_listening(Acceptor& acceptor, const ListenAddress& address);
/// Takes up a socket that listens already.
void assign(Acceptor& acceptor, Descriptor socket);

/// Accepts until the acceptor is closed. Out of descriptors it waits and tries
/// again rather than spinning.
Task<> accept_loop(Acceptor& acceptor, Reception& reception);

/// Closes our copy of a socket that others accept from: whoever waits in it is theirs.
/// Worker thread, as the next one.
void let_go(Acceptor& acceptor);
/// Closes a socket for good without resetting anybody: no new handshakes from now on, those
/// under way may end, and whoever is connected is accepted.
Task<> serve_out(Acceptor& acceptor, Reception& reception);

}  // namespace weir::net
