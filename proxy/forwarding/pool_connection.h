#pragma once
#include <optional>

#include "forwarding/forwarding_worker.h"
#include "model/endpoint.h"
#include "net/openssl_handles.h"
#include "routing/snapshot.h"
#include "upstream/connections.h"

namespace weir::forwarding {

/// One endpoint of a pool, as a worker reaches it.
struct PoolPeer {
  ForwardingWorker& worker;
  const routing::ServiceRoute& service;
  Version version;
  const Endpoint& endpoint;
};

/// An idle connection that is open and silent, made under the rules that the pool's TLS has
/// now.
std::optional<upstream::Connection> take_idle(const PoolPeer& peer);

/// What every connection to a pool has set once it is made.
void set_options(net::Socket& socket) noexcept;

/// For the handshake; goes on from the endpoint's last session where it can. Null where the
/// pool has no TLS, or none that could be read.
net::SslPtr tls_for(const PoolPeer& peer);
/// Counts a handshake and logs one that failed. `expired`: it ran out of time.
void conclude_handshake(const PoolPeer& peer, const net::Stream& stream,
                        const net::error_code& error, bool expired);

/// What the endpoint's TLS gave for the next connection to go on from. TLS 1.3 gives it
/// after the handshake, so this is for the end of an exchange.
void remember_session(const PoolPeer& peer, const net::Stream& stream);

}  // namespace weir::forwarding
