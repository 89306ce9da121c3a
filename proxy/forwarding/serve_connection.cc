#include "forwarding/serve_connection.h"

#include <optional>
#include <tuple>
#include <utility>

#include "forwarding/admission.h"
#include "forwarding/answer.h"
#include "forwarding/client_connection.h"
#include "forwarding/forward_request.h"
#include "forwarding/redirect.h"

namespace weir::forwarding {
namespace {

enum class HeadRead : std::uint8_t {
  complete,   ///< `client.intake->head` is filled and its bytes are consumed
  refused,    ///< `fault` says why
  timed_out,  ///< in the middle of a head
  closed,     ///< between requests: nothing to answer
};

/// What is known of the head from the bytes that are there; nothing: it wants more.
std::optional<HeadRead> look_at_head(ForwardingWorker& worker, ClientConnection& client,
                                     http::Fault& fault) {
  auto& intake = *client.intake;
  auto limits = worker.plan().limits;
  limits.body_bytes = 0;  // the service has the word on that
  const auto parse = [&](std::string_view head) {
    return http::parse_request_head(head, limits, intake.head);
  };
  const auto read = intake.scanner.read(intake.input.bytes(), limits, parse);
  if (!read) return std::nullopt;
  fault = *read;
  if (fault != http::Fault::none) return HeadRead::refused;
  intake.input.consume(intake.scanner.start() + intake.scanner.head_size());
  intake.body.begin(intake.head.body, intake.head.content_length, limits);
  return HeadRead::complete;
}

/// Before a head. Who has sent nothing of it is idle, and may stay so for longer.
void await_head(ForwardingWorker& worker, ClientConnection& client, bool first) {
  client.intake->scanner.reset();
  client.idle = !first && client.intake->input.empty();
  const auto& timeouts = worker.plan().timeouts;
  client.watch(client.idle ? timeouts.keep_alive : timeouts.head);
}

/// Takes what came, if waiting for it ended well. Whether there may be more.
bool take_bytes(ForwardingWorker& worker, ClientConnection& client, bool waited_well) {
  const bool was_idle = std::exchange(client.idle, false);
  client.watched.unlink();
  if (!client.intake) client.intake = worker.take_intake();
  if (!waited_well) return false;
  const auto error = client.socket.receive_now(client.intake->input);
  const bool nothing = error == boost::asio::error::would_block;
  client.idle = was_idle && nothing && !client.socket.holds_part();
  // Once for the whole head: a client that sends it byte by byte gains nothing. What came may
  // be less than a TLS record, which is no byte of a head and takes memory all the same.
  if (was_idle && !client.idle) client.watch(worker.plan().timeouts.head);
  return !error || nothing;
}

/// Between requests: holds no memory for the next one.
void rest(ForwardingWorker& worker, ClientConnection& client) noexcept {
  worker.give_back(std::move(client.intake));
  worker.client_watch().enter_idle(client);
}

HeadRead ended_early(const ClientConnection& client) noexcept {
  const bool begun = !client.intake->input.empty();
  return client.expired() && begun ? HeadRead::timed_out : HeadRead::closed;
}

/// A client that asked for the end and of whom nothing more can come (RFC 9112 §9.6). Bytes that
/// nobody reads would make the kernel reset the connection, and the answer with it.
bool said_all(ClientConnection& client) noexcept {
  const auto& head = client.intake->head;
  const bool last = !head.keep_alive && !head.upgrade_requested && head.body == http::Body::none;
  return last && client.intake->input.empty() && client.socket.silent();
}

/// After the last request. A head that never became one is answered for.
net::Task<> leave(ForwardingWorker& worker, ClientConnection& client, HeadRead read,
                  http::Fault fault) {
  if (read == HeadRead::closed) co_return;
  if (read == HeadRead::complete && said_all(client)) co_return;
  if (read != HeadRead::complete) {
    client.intake->head.clear();
    client.intake->body.begin(http::Body::none, 0, worker.plan().limits);
  }
  bool keep = false;
  if (read == HeadRead::refused) co_await refuse(worker, client, fault);
  if (read == HeadRead::timed_out) co_await refuse(worker, client, Refusal::head_timeout, keep);
  co_await close_gently(client);
}

/// Answers a connection that may not stay before it asked for anything, in one write. Few at
/// a time are given the second in which the answer surely arrives.
net::Task<> turn_away(ForwardingWorker& worker, ClientConnection& client, Refusal refusal) {
  bool keep = false;
  co_await refuse(worker, client, refusal, keep);
  const auto patience = worker.patience_for_refused();
  if (patience) co_await close_gently(client);
}

/// What the listener asks of a connection before its first request. Whether it stays.
net::Task<bool> let_in(ForwardingWorker& worker, ClientConnection& client) {
  const auto* entrance = client.entrance;
  if (entrance != nullptr) {
    const bool admitted = co_await admit(worker, client);
    if (!admitted) co_return false;
  }
  const bool judged = entrance != nullptr && entrance->tls;  // before its handshake
  const auto refusal = judged ? std::nullopt : worker.refusal_of(client);
  if (refusal) co_await turn_away(worker, client, *refusal);
  co_return !refusal;
}

net::Task<bool> serve_request(ForwardingWorker& worker, ClientConnection& client) {
  const bool redirects = client.entrance != nullptr && client.entrance->redirect_to_https;
  return redirects ? redirect(worker, client) : forward_request(worker, client);
}

}  // namespace

// An idle client is this frame and little else: it has few places to wait, as the compiler
// keeps room for each.
net::Task<> serve_connection(ForwardingWorker& worker, net::Stream socket, EntrancePtr entrance) {
  ClientConnection client(worker, socket);
  client.entrance = entrance.get();
  if (!co_await let_in(worker, client)) co_return;
  auto fault = http::Fault::none;
  auto read = std::optional(HeadRead::complete);
  for (bool first = true, keep = true; keep; first = false) {
    await_head(worker, client, first);
    read = look_at_head(worker, client, fault);
    while (!read) {
      bool waited_well = true;
      if (client.socket.must_wait()) {
        if (client.idle) rest(worker, client);
        const auto [error] = co_await client.socket.readable(net::as_result, client.idle);
        const bool nudged = client.take_nudge();
        waited_well = !error || nudged;
      }
      read = take_bytes(worker, client, waited_well) ? look_at_head(worker, client, fault)
                                                     : ended_early(client);
    }
    keep = *read == HeadRead::complete && co_await serve_request(worker, client);
  }
  co_await leave(worker, client, *read, fault);
}

}  // namespace weir::forwarding
