#include "forwarding/attempt.h"

#include <sys/socket.h>

#include "http/head_writer.h"
#include "http/protocols.h"
#include "net/listener.h"
#include "net/send.h"

namespace weir::forwarding {
namespace {

/// Whether the server closed, or sent something nobody asked for, while idle: that
/// would be taken for the answer to the next request.
bool is_dead(net::Socket& socket) noexcept {
  char byte;
  const auto peeked = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

/// An idle connection that is open and silent.
std::optional<upstream::Connection> take_idle(Exchange& x) {
  const auto limit = x.service.plan->pools[x.version].idle;
  for (;;) {
    auto connection = x.worker.connections().take_idle(x.endpoint->id, limit, x.worker.now());
    if (!connection || !is_dead(connection->socket)) return connection;
  }
}

net::Task<Attempt> connect(Exchange& x) {
  x.connection = upstream::Connection{net::Socket(x.worker.worker().executor()), false};
  auto& socket = x.connection->socket;
  x.client.attach(&socket);
  x.client.watch(x.timeouts.connect);
  const auto [error] = co_await socket.async_connect(
      net::endpoint_of(x.endpoint->address, x.endpoint->port), net::as_result);
  x.tally().count_connect(!error);
  if (error) co_return Attempt::connect_failed;
  net::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(net::Tcp::no_delay(true), ignored);
  co_return Attempt::answered;
}

Attempt failed(const Exchange& x) noexcept {
  if (x.client.left()) return Attempt::client_gone;
  if (x.client.expired()) return Attempt::timed_out;
  if (x.response_seen) return Attempt::cut;
  return x.connection->reused ? Attempt::stale : Attempt::reset;
}

Attempt failed_to_send(const Exchange& x, bool untouched) noexcept {
  const auto attempt = failed(x);
  const bool closed = attempt == Attempt::stale || attempt == Attempt::reset;
  if (!closed || !untouched) return attempt;
  return x.connection->reused ? Attempt::unsent : Attempt::connect_failed;
}

/// RFC 9110 §7.8: to what the client offered, if it did.
bool switch_was_asked_for(const Exchange& x) noexcept {
  return x.client.head.upgrade_requested &&
         http::offers(x.client.head.upgrade, x.scratch->response.upgrade);
}

net::Task<bool> pass_on_interim(Exchange& x) {
  if (x.client.head.minor == 0) co_return true;  // RFC 9110 §15.2: never to HTTP/1.0
  auto& out = x.scratch->response_out;
  http::write_response_head(x.scratch->response, http::Body::none, {}, out);
  net::Gather gather;
  gather.add(out);
  auto error = net::send_now(x.client.socket, gather);
  if (!error && !gather.empty()) error = co_await net::send_rest(x.client.socket, gather);
  co_return !error;
}

}  // namespace

net::Task<Attempt> send_request(Exchange& x, bool fresh) {
  if (!fresh) x.connection = take_idle(x);
  if (x.connection) {
    x.client.attach(&x.connection->socket);
  } else if (const auto connected = co_await connect(x); connected != Attempt::answered) {
    co_return connected;
  }
  x.scratch->upstream_input.consume(x.scratch->upstream_input.size());
  net::Gather gather;
  gather.add(x.scratch->request_out);
  if (!x.client.body.done() && x.client.body.whole_in(x.client.input)) {
    gather.add(x.client.input.bytes().substr(0, x.client.head.content_length));
  }
  auto error = net::send_now(x.connection->socket, gather);
  if (error) co_return failed_to_send(x, gather.untouched());
  if (!gather.empty()) {
    x.client.watch(x.timeouts.send_stall);
    error = co_await net::send_rest(x.connection->socket, gather);
  }
  co_return error ? failed(x) : Attempt::answered;
}

net::Task<Attempt> receive_response_head(Exchange& x) {
  auto& input = x.scratch->upstream_input;
  auto& scanner = x.scratch->response_scanner;
  scanner.reset();
  // While a body is on its way its own deadlines count.
  if (!x.body_streamed || x.client.body.done()) x.client.watch(x.timeouts.response);
  for (std::uint32_t interim = 0;;) {
    const auto progress = scanner.scan(input.bytes(), x.limits);
    if (progress == http::HeadScanner::Progress::failed) co_return Attempt::bad_response;
    if (progress == http::HeadScanner::Progress::need_more) {
      if (input.space().size() == 0) input.reserve(input.capacity() * 2);
      const auto [error, received] =
          co_await x.connection->socket.async_read_some(input.space(), net::as_result);
      if (error) co_return failed(x);
      input.commit(received);
      x.response_seen = true;
      continue;
    }
    const auto head = input.bytes().substr(scanner.start(), scanner.head_size());
    const auto fault =
        http::parse_response_head(head, x.limits, x.client.head.method, x.scratch->response);
    if (fault != http::Fault::none) co_return Attempt::bad_response;
    if (x.scratch->response.status >= 200) co_return Attempt::answered;
    if (!x.scratch->response.interim()) {
      co_return switch_was_asked_for(x) ? Attempt::answered : Attempt::bad_response;
    }
    if (++interim > x.limits.interim_responses) co_return Attempt::bad_response;
    if (!co_await pass_on_interim(x)) co_return Attempt::client_gone;
    input.consume(scanner.start() + scanner.head_size());
    scanner.reset();
  }
}

}  // namespace weir::forwarding
