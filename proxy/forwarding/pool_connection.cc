#include "forwarding/pool_connection.h"

#include "forwarding/handshake_log.h"
#include "net/unsent_bound.h"

namespace weir::forwarding {
namespace {

bool fits(const PoolPeer& peer, const net::Stream& socket) {
  if (!peer.service.plan->pools[peer.version].tls) return socket.tls() == nullptr;
  const auto rules = peer.worker.tls_client(peer.service, peer.version);
  return rules && socket.tls() != nullptr && rules->made(socket.tls()->ssl());
}

}  // namespace

// What a server sends unasked would be taken for the answer to the next request.
std::optional<upstream::Connection> take_idle(const PoolPeer& peer) {
  const auto limit = peer.service.plan->pools[peer.version].idle;
  for (;;) {
    auto connection =
        peer.worker.connections().take_idle(peer.endpoint.id, limit, peer.worker.now());
    if (!connection) return connection;
    if (fits(peer, connection->socket) && connection->socket.silent()) return connection;
  }
}

void set_options(net::Socket& socket) noexcept {
  net::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(net::Tcp::no_delay(true), ignored);
  socket.set_option(net::UnsentBound(net::most_unsent_bytes), ignored);
}

net::SslPtr tls_for(const PoolPeer& peer) {
  const auto rules = peer.worker.tls_client(peer.service, peer.version);
  if (!rules) return nullptr;
  const auto& known = peer.worker.connections().of(peer.endpoint.id);
  return rules->open(peer.endpoint.name,
                     known.session_rules == rules ? known.session.get() : nullptr);
}

void conclude_handshake(const PoolPeer& peer, const net::Stream& stream,
                        const net::error_code& error, bool expired) {
  const auto& tls = *stream.tls();
  auto failure = error ? tls.failure() : net::TlsFailure::none;
  if (error && failure == net::TlsFailure::none) {
    failure = expired ? net::TlsFailure::timeout : net::TlsFailure::closed;
  }
  peer.worker.pool_handshakes().count(failure, !error && tls.resumed());
  if (!error) return;
  const auto name = peer.service.plan->name + "/" + std::string(name_of(peer.version)) + " at " +
                    peer.endpoint.address.text();
  log_handshake(peer.worker, HandshakePeer::pool, name, failure, tls.failure_text());
}

void remember_session(const PoolPeer& peer, const net::Stream& stream) {
  const auto& tls = *stream.tls();
  auto session = tls.session();
  const auto rules = peer.worker.tls_client(peer.service, peer.version);
  if (!session || !rules || !rules->made(tls.ssl())) return;
  auto& known = peer.worker.connections().of(peer.endpoint.id);
  known.session = std::move(session);
  known.session_rules = rules;
}

}  // namespace weir::forwarding
