#include "forwarding/serve_connection.h"

#include <optional>
#include <tuple>

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

/// Takes what came, unless waiting ended with `error`. Whether there may be more.
bool take_bytes(ForwardingWorker& worker, ClientConnection& client, net::error_code error) {
  // Once for the whole head: a client that sends it byte by byte gains nothing. What came may
  // be less than a TLS record, which is no byte of a head and takes memory all the same.
  if (!error && client.idle) client.watch(worker.plan().timeouts.head);
  client.idle = false;
  if (!client.intake) client.intake = worker.take_intake();
  if (!error) error = client.socket.receive_now(client.intake->input);
  return !error || error == boost::asio::error::would_block;
}

HeadRead ended_early(const ClientConnection& client) noexcept {
  const bool begun = !client.intake->input.empty();
  return client.expired() && begun ? HeadRead::timed_out : HeadRead::closed;
}

/// Answers for a head that never became a request. False: nothing was said.
net::Task<bool> refuse_head(ForwardingWorker& worker, ClientConnection& client, HeadRead read,
                            http::Fault fault) {
  if (read == HeadRead::closed) co_return false;
  client.intake->head.clear();
  client.intake->body.begin(http::Body::none, 0, worker.plan().limits);
  if (read == HeadRead::refused) {
    co_await refuse(worker, client, fault);
    co_return true;
  }
  bool keep = false;
  co_await refuse(worker, client, Refusal::head_timeout, keep);
  co_return true;
}

/// Answers a connection that may not stay before it asked for anything, in one write. Few at
/// a time are given the second in which the answer surely arrives.
net::Task<> turn_away(ForwardingWorker& worker, ClientConnection& client, Refusal refusal) {
  bool keep = false;
  co_await refuse(worker, client, refusal, keep);
  const auto patience = worker.patience_for_refused();
  if (patience) co_await close_gently(client);
}

}  // namespace

net::Task<> serve_connection(ForwardingWorker& worker, net::Socket socket, EntrancePtr entrance) {
  ClientConnection client(worker, std::move(socket));
  client.entrance = entrance.get();
  if (entrance) {
    const bool admitted = co_await admit(worker, client);
    if (!admitted) co_return;
  }
  const bool judged = entrance && entrance->tls;  // before its handshake
  const auto refusal = judged ? std::nullopt : worker.refusal_of(client);
  if (refusal) co_return co_await turn_away(worker, client, *refusal);
  const bool redirects = entrance && entrance->redirect_to_https;
  for (bool first = true;; first = false) {
    auto fault = http::Fault::none;
    await_head(worker, client, first);
    auto read = look_at_head(worker, client, fault);
    while (!read) {
      net::error_code error;
      if (client.socket.must_wait()) {
        if (client.idle) worker.give_back(std::move(client.intake));
        std::tie(error) = co_await client.socket.readable(net::as_result);
      }
      read = take_bytes(worker, client, error) ? look_at_head(worker, client, fault)
                                               : ended_early(client);
    }
    if (*read != HeadRead::complete) {
      if (!co_await refuse_head(worker, client, *read, fault)) co_return;
      break;
    }
    bool keep = false;
    if (redirects) {
      keep = co_await redirect(worker, client);
    } else {
      keep = co_await forward_request(worker, client);
    }
    if (!keep) break;
  }
  co_await close_gently(client);
}

}  // namespace weir::forwarding
