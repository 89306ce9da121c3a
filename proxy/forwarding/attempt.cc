#include "forwarding/attempt.h"

#include "forwarding/pool_connection.h"
#include "http/head_writer.h"
#include "http/protocols.h"
#include "net/listener.h"
#include "net/send.h"

namespace weir::forwarding {
namespace {

/// Puts TLS on the connection.
net::Task<bool> secure(Exchange& x) {
  auto ssl = tls_for(x.peer());
  if (!ssl) co_return false;
  auto& socket = x.connection->socket;
  const auto error = co_await socket.handshake(std::move(ssl));
  conclude_handshake(x.peer(), socket, error, x.client.expired());
  co_return !error;
}

net::Task<Attempt> connect(Exchange& x) {
  x.connection = upstream::Connection{net::Socket(x.worker.worker().executor()), false};
  x.client.attach(&x.connection->socket);
  auto& socket = x.connection->socket.socket();
  x.client.watch(x.timeouts.connect);
  const auto [error] = co_await socket.async_connect(
      net::endpoint_of(x.endpoint->address, x.endpoint->port), net::as_result);
  bool connected = !error;
  if (connected) set_options(socket);
  if (connected && x.service.plan->pools[x.version].tls) connected = co_await secure(x);
  x.tally().count_connect(connected);
  co_return connected ? Attempt::answered : Attempt::connect_failed;
}

Attempt failed(const Exchange& x) noexcept {
  if (x.client.left()) return Attempt::client_gone;
  if (x.client.expired()) return x.impatient ? Attempt::slow : Attempt::timed_out;
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
  return x.client.intake->head.upgrade_requested &&
         http::offers(x.client.intake->head.upgrade, x.scratch->response.upgrade);
}

/// Reads the head that has arrived. Nothing: it wants more.
std::optional<http::Fault> look_at_head(Exchange& x) {
  auto& scratch = *x.scratch;
  const auto parse = [&](std::string_view head) {
    return http::parse_response_head(head, x.limits, x.client.intake->head.method,
                                     scratch.response);
  };
  return scratch.response_scanner.read(scratch.upstream_input.bytes(), x.limits, parse);
}

net::Task<bool> pass_on_interim(Exchange& x) {
  if (x.client.intake->head.minor == 0) co_return true;  // RFC 9110 §15.2: never to HTTP/1.0
  auto& out = x.scratch->response_out;
  http::write_response_head(x.scratch->response, http::Body::none, {}, out);
  net::Gather gather;
  gather.add(out);
  auto error = net::send_now(x.client.socket, gather);
  if (!error && !gather.empty()) error = co_await net::send_rest(x.client.socket, gather);
  co_return !error;
}

std::optional<Attempt> send_at_once(Exchange& x, net::Gather& rest) {
  x.scratch->upstream_input.consume(x.scratch->upstream_input.size());
  rest.add(x.scratch->request_out);
  if (!x.client.intake->body.done() && x.client.intake->body.whole_in(x.client.intake->input)) {
    rest.add(x.client.intake->input.bytes().substr(0, x.client.intake->head.content_length));
  }
  const auto error = net::send_now(x.connection->socket, rest);
  if (error) return failed_to_send(x, rest.untouched());
  return rest.empty() ? std::optional(Attempt::answered) : std::nullopt;
}

}  // namespace

std::optional<Attempt> reuse_connection(Exchange& x, net::Gather& rest) {
  x.connection = take_idle(x.peer());
  if (!x.connection) return std::nullopt;
  x.client.attach(&x.connection->socket);
  return send_at_once(x, rest);
}

net::Task<Attempt> send_request(Exchange& x, net::Gather rest) {
  if (!x.connection) {
    const auto connected = co_await connect(x);
    if (connected != Attempt::answered) co_return connected;
    if (const auto sent = send_at_once(x, rest)) co_return *sent;
  }
  x.client.watch(x.timeouts.send_stall);
  const auto error = co_await net::send_rest(x.connection->socket, rest);
  co_return error ? failed(x) : Attempt::answered;
}

net::Task<Attempt> receive_response_head(Exchange& x) {
  auto& input = x.scratch->upstream_input;
  auto& scanner = x.scratch->response_scanner;
  scanner.reset();
  // While a body is on its way its own deadlines count.
  if (!x.body_streamed || x.client.intake->body.done()) {
    x.client.watch(x.impatient ? x.timeouts.per_try : x.timeouts.response);
  }
  for (std::uint32_t interim = 0;;) {
    const auto fault = look_at_head(x);
    if (!fault) {
      auto& socket = x.connection->socket;  // as `receive` has it, without a coroutine for it
      if (socket.must_wait()) {
        const auto [error] = co_await socket.readable(net::as_result);
        if (error) co_return failed(x);
      }
      const auto error = socket.receive_now(input);
      if (error && error != boost::asio::error::would_block) co_return failed(x);
      x.response_seen = x.response_seen || !error;
      continue;
    }
    if (*fault != http::Fault::none) co_return Attempt::bad_response;
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
