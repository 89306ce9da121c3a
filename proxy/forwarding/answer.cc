#include "forwarding/answer.h"

#include <tuple>

#include "forwarding/access_entry.h"
#include "forwarding/client_watch.h"
#include "http/error_body.h"
#include "http/head_writer.h"
#include "http/trace_context.h"
#include "net/send.h"
#include "net/system_calls.h"

namespace weir::forwarding {
namespace {

/// Plain text unless the client asks for JSON by name (RFC 9110 §12.5.1, without weights).
bool prefers_json(const http::RequestHead& head) {
  const auto accept = http::field_value(head.fields, "accept");
  return accept && accept->find("application/json") != std::string_view::npos;
}

/// The client's own; one that was made up where it sent none, or no head that can be read.
std::string_view id_of(const ClientConnection& client, const http::RequestId& made_up) {
  const auto own = http::client_request_id(client.intake->head);
  return own.empty() ? made_up.view() : own;
}

struct No {
  int status;
  std::string_view explanation, request_id;
  bool close;
};

/// In one write, as text or JSON, as the client likes it.
net::Task<> say_no(ClientConnection& client, No no, Milliseconds limit) {
  std::string out;
  http::write_error_response(no.status, no.explanation, no.request_id, no.close,
                             prefers_json(client.intake->head),
                             client.intake->head.method == http::Method::head, out);
  co_await send_all(client, out, limit);
}

outcomes::Ending ending_of(RelayEnd end, const ClientConnection& client) noexcept {
  switch (end) {
    case RelayEnd::complete:
      return outcomes::Ending::answered;
    case RelayEnd::sink_failed:
      return outcomes::Ending::client_aborted;
    case RelayEnd::source_failed:
    case RelayEnd::bad_framing:
    case RelayEnd::bad_start:
      break;
  }
  if (client.left()) return outcomes::Ending::client_aborted;
  return client.expired() ? outcomes::Ending::timed_out : outcomes::Ending::reset;
}

/// A client may speak the other protocol before its switch is granted. Refused, those bytes
/// are no request, whatever they look like (RFC 9110 §7.8): the connection ends.
bool spoke_too_early(ClientConnection& client) noexcept {
  return client.intake->head.upgrade_requested && has_unread(client);
}

/// Events may be minutes apart: such a stream is as patient as a tunnel.
bool is_event_stream(const http::ResponseHead& response) noexcept {
  if (response.body == http::Body::none || response.body == http::Body::length) return false;
  constexpr std::string_view type = "text/event-stream";
  const auto found = http::field_value(response.fields, "content-type").value_or("");
  if (!http::equal_names(found.substr(0, type.size()), type)) return false;
  return found.size() == type.size() || found.find_first_of("; \t") == type.size();
}

}  // namespace

net::Task<> send_all(ClientConnection& client, std::string_view bytes, Milliseconds limit) {
  net::Gather gather;
  gather.add(bytes);
  const auto error = net::send_now(client.socket, gather);
  if (error || gather.empty()) co_return;
  client.watch(limit);
  co_await net::send_rest(client.socket, gather);
}

bool keeps_client(const ForwardingWorker& worker, ClientConnection& client) noexcept {
  const bool body_waits =
      !client.intake->body.done() && !client.intake->body.whole_in(client.intake->input);
  return client.intake->head.keep_alive && !body_waits && worker.keeps_clients() &&
         !spoke_too_early(client);
}

/// Writes the answer's head for the client and takes the pool's off the buffer.
http::Body begin_answer(Exchange& x) {
  auto& scratch = *x.scratch;
  const auto& response = scratch.response;
  const bool http10 = x.client.intake->head.minor == 0;
  const auto framing = http::outgoing_framing(response.body, http10);
  const bool request_read =
      x.body_streamed ? x.client.intake->body.done() : !spoke_too_early(x.client);
  x.keep_client = x.client.intake->head.keep_alive && x.worker.keeps_clients() && request_read &&
                  framing != http::Body::until_close;
  http::write_response_head(
      response, framing,
      {.close = !x.keep_client,
       .client_http10 = http10,
       .version_name = x.service.plan->version_header ? name_of(x.version) : std::string_view{},
       .set_cookie = scratch.set_cookie},
      scratch.response_out);
  scratch.response_body.begin(response.body, response.content_length, x.response_limits());
  const auto& scanner = scratch.response_scanner;
  scratch.upstream_input.consume(scanner.start() + scanner.head_size());
  return framing;
}

void end_answer(Exchange& x, RelayEnd end) {
  const auto& response = x.scratch->response;
  x.response_started = end != RelayEnd::bad_start;
  if (end == RelayEnd::sink_failed && x.client.expired()) {
    x.worker.refusals().count(Refusal::slow_reader);
    log_refusal(x.worker, x.client, Refusal::slow_reader, x.request_id);
  }
  if (end != RelayEnd::complete) {
    x.keep_client = false;
    if (x.response_started) x.client.socket.cut_off();
  }
  const bool upstream_keeps = response.keep_alive && response.body != http::Body::until_close;
  // Bytes beyond the answer would be taken for the next one.
  x.keep_connection =
      end == RelayEnd::complete && upstream_keeps && x.scratch->upstream_input.empty();
}

net::Task<RelayEnd> relay_stream(Exchange& x, http::Body framing) {
  auto& scratch = *x.scratch;
  auto timeouts = x.timeouts;
  if (is_event_stream(scratch.response)) timeouts.body_stall = timeouts.tunnel_idle;
  return relay_body(
      x.client, {x.connection->socket, scratch.upstream_input, scratch.response_body},
      {x.client.socket, framing == http::Body::chunked, x.client.intake->head.trailers_accepted},
      scratch.response_out, timeouts);
}

net::Task<outcomes::Ending> relay_response(Exchange& x) {
  const auto framing = begin_answer(x);
  auto& scratch = *x.scratch;
  auto end = RelayEnd::complete;
  if (scratch.response_body.whole_in(scratch.upstream_input)) {
    const auto body = scratch.response_body.read(scratch.upstream_input);
    net::Gather rest;
    rest.add(scratch.response_out);
    rest.add(body.data);
    auto error = net::send_now(x.client.socket, rest);
    if (!error && !rest.empty()) {
      x.client.watch(x.timeouts.send_stall);
      error = co_await net::send_rest(x.client.socket, rest);
    }
    scratch.upstream_input.consume(body.used);
    if (error) end = RelayEnd::sink_failed;
  } else {
    end = co_await relay_stream(x, framing);
  }
  end_answer(x, end);
  co_return ending_of(end, x.client);
}

net::Task<bool> relay_switch(Exchange& x) {
  auto& scratch = *x.scratch;
  x.websocket = http::equal_names(scratch.response.upgrade, "websocket");
  http::write_response_head(
      scratch.response, http::Body::none,
      {.close = false,
       .client_http10 = false,
       .version_name = x.service.plan->version_header ? name_of(x.version) : std::string_view{},
       .set_cookie = scratch.set_cookie},
      scratch.response_out);
  const auto& scanner = scratch.response_scanner;
  scratch.upstream_input.consume(scanner.start() + scanner.head_size());
  x.client.watch(x.timeouts.send_stall);
  net::Gather gather;
  gather.add(scratch.response_out);
  auto error = net::send_now(x.client.socket, gather);
  if (!error && !gather.empty()) error = co_await net::send_rest(x.client.socket, gather);
  co_return !error;
}

net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, http::Fault fault) {
  const auto made_up = worker.new_request_id();
  co_await refuse(worker, client, fault, id_of(client, made_up));
}

net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, http::Fault fault,
                   std::string_view request_id) {
  worker.refusals().count(fault);
  log_refusal(worker, client, fault, request_id);
  co_await say_no(client, {http::status_of(fault), http::explain(fault), request_id, true},
                  worker.plan().timeouts.send_stall);
}

net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, Refusal refusal,
                   bool& keep_client) {
  worker.refusals().count(refusal);
  keep_client = keep_client && keeps_client(worker, client);
  const auto made_up = worker.new_request_id();
  const auto request_id = id_of(client, made_up);
  log_refusal(worker, client, refusal, request_id);
  co_await say_no(client, {status_of(refusal), explain(refusal), request_id, !keep_client},
                  worker.plan().timeouts.send_stall);
}

net::Task<> refuse(Exchange& x, Refusal refusal) {
  x.worker.refusals().count(refusal);
  x.keep_client = x.keep_client && keeps_client(x.worker, x.client);
  co_await say_no(x.client, {status_of(refusal), explain(refusal), x.request_id, !x.keep_client},
                  x.worker.plan().timeouts.send_stall);
}

net::Task<> close_gently(ClientConnection& client) {
  constexpr Milliseconds patience{1'000};
  constexpr std::size_t most = 256 * 1024;
  net::error_code error;
  auto& socket = client.socket.socket();
  client.socket.shutdown(net::Socket::shutdown_send, error);
  client.watch(patience);
  std::size_t dropped = 0;
  while (!error && dropped < most && !client.expired()) {
    client.intake->input.consume(client.intake->input.size());
    const auto room = client.intake->input.space();
    dropped += net::receive_at_once(socket.native_handle(), room, 0, error);
    if (error != boost::asio::error::would_block) continue;
    std::tie(error) = co_await socket.async_look(net::Socket::wait_read, true, net::as_result);
  }
  client.unwatch();
}

}  // namespace weir::forwarding
