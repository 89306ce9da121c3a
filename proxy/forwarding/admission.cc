#include "forwarding/admission.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>

#include "forwarding/access_entry.h"
#include "forwarding/answer.h"
#include "forwarding/handshake_log.h"
#include "http/proxy_protocol.h"
#include "net/peer_certificate.h"

namespace weir::forwarding {
namespace {

using Progress = http::ProxyHeader::Progress;

/// Looks at what came and takes off the socket what is the header's, nothing beyond: that
/// is for TLS to read. False: nothing came, or the peer closed.
bool take_header_bytes(ClientConnection& client, std::size_t most, std::string& header,
                       http::ProxyHeader& read) {
  std::array<char, 512> seen;
  const auto socket = client.socket.socket().native_handle();
  const auto count = ::recv(socket, seen.data(), seen.size(), MSG_PEEK);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (count <= 0) return false;
  const auto before = header.size();
  header.append(seen.data(), static_cast<std::size_t>(count));
  read = http::read_proxy_header(header, most);
  if (read.progress == Progress::failed) return true;
  if (read.progress == Progress::complete) header.resize(read.size);
  return ::recv(socket, seen.data(), header.size() - before, 0) > 0;
}

bool refuse(ForwardingWorker& worker, ClientConnection& client, Refusal refusal) {
  worker.refusals().count(refusal);
  client.intake->head.clear();
  log_refusal(worker, client, refusal, {});
  return false;
}

/// The balancer's own checks connect and leave without a word: no refusal.
net::Task<bool> read_proxy_header(ForwardingWorker& worker, ClientConnection& client) {
  if (!contains(client.entrance->proxy_protocol_from, client.peer)) {
    co_return refuse(worker, client, Refusal::untrusted_balancer);
  }
  std::string header;
  http::ProxyHeader read;
  client.watch(worker.plan().timeouts.head);
  while (read.progress == Progress::need_more) {
    const auto [error] =
        co_await client.socket.socket().async_wait(net::Socket::wait_read, net::as_result);
    if (error && client.expired()) {
      co_return refuse(worker, client, Refusal::proxy_header_timeout);
    }
    if (error) co_return false;
    const auto most = worker.plan().limits.proxy_header_bytes;
    if (take_header_bytes(client, most, header, read)) continue;
    co_return header.empty() ? false : refuse(worker, client, Refusal::bad_proxy_header);
  }
  if (read.progress == Progress::failed) {
    co_return refuse(worker, client, Refusal::bad_proxy_header);
  }
  if (read.client) client.set_peer(*read.client);
  co_return true;
}

net::TlsFailure result_of(const ClientConnection& client, const net::error_code& error) {
  const auto& tls = *client.socket.tls();
  if (!error) {
    const bool ran_out = tls.resumed() && net::peer_certificate_expired(tls.ssl());
    return ran_out ? net::TlsFailure::certificate_expired : net::TlsFailure::none;
  }
  if (client.expired()) return net::TlsFailure::timeout;
  return tls.failure() == net::TlsFailure::none ? net::TlsFailure::closed : tls.failure();
}

net::Task<bool> shake_hands(ForwardingWorker& worker, ClientConnection& client) {
  client.watch(worker.plan().timeouts.handshake);
  auto ssl = client.entrance->tls->open();
  const auto error = co_await client.socket.handshake(std::move(ssl));
  const auto& tls = *client.socket.tls();
  const auto failure = result_of(client, error);
  worker.client_handshakes().count(failure, !error && tls.resumed());
  if (failure != net::TlsFailure::none) {
    log_handshake(worker, HandshakePeer::client, "client " + client.peer_text, failure,
                  tls.failure_text());
    co_await close_gently(client);
    co_return false;
  }
  client.unwatch();
  if (auto identity = net::peer_identity(tls.ssl())) {
    client.identity = std::make_unique<ClientIdentity>(*std::move(identity));
  }
  co_return true;
}

}  // namespace

net::Task<bool> admit(ForwardingWorker& worker, ClientConnection& client) {
  if (!client.entrance->proxy_protocol_from.empty()) {
    const bool named = co_await read_proxy_header(worker, client);
    if (!named) co_return false;
  }
  if (client.entrance->tls) {
    // A handshake costs more than a refusal saves: whoever may not stay gets none.
    if (const auto refusal = worker.refusal_of(client)) co_return refuse(worker, client, *refusal);
    const bool secured = co_await shake_hands(worker, client);
    if (!secured) co_return false;
  }
  co_return true;
}

}  // namespace weir::forwarding
