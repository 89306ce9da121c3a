#include "forwarding/serve_connection.h"

#include "forwarding/admission.h"
#include "forwarding/answer.h"
#include "forwarding/client_connection.h"
#include "forwarding/forward_request.h"
#include "forwarding/redirect.h"

namespace weir::forwarding {
namespace {

enum class HeadRead : std::uint8_t {
  complete,   ///< `client.head` is filled and its bytes are consumed
  refused,    ///< `fault` says why
  timed_out,  ///< in the middle of a head
  closed,     ///< between requests: nothing to answer
};

boost::asio::mutable_buffer room_in(net::ReceiveBuffer& input) {
  if (input.space().size() == 0) input.reserve(input.capacity() * 2);
  return input.space();
}

/// Waits without a buffer for what may become a head: from then on it has a head's time, for
/// part of a TLS record is none yet and holds memory all the same.
net::Task<net::error_code> woken(ForwardingWorker& worker, ClientConnection& client) {
  const auto error = co_await client.socket.something();
  if (!error && client.idle) client.watch(worker.plan().timeouts.head);
  co_return error;
}

/// Waits on without memory, then reads.
net::Task<net::Stream::Received> sleep(ForwardingWorker& worker, ClientConnection& client) {
  client.input.release();
  client.head.release();
  const auto error = co_await woken(worker, client);
  if (error) co_return net::Stream::Received(error, 0);
  co_return co_await client.socket.async_read_some(room_in(client.input), net::as_result);
}

/// Waits for more of a head. False where the client or the deadline ended it.
net::Task<bool> receive_more(ForwardingWorker& worker, ClientConnection& client, bool first) {
  auto& input = client.input;
  client.idle = input.empty() && !first;
  if (client.idle) worker.idle_clients().enter(client);
  net::Stream::Received read;
  auto& [error, received] = read;
  if (input.empty() && client.socket.tls() != nullptr) {
    // TLS costs an idle client memory enough.
    input.release();
    error = co_await woken(worker, client);
  }
  if (!error) read = co_await client.socket.async_read_some(room_in(input), net::as_result);
  if (error && client.falling_asleep()) read = co_await sleep(worker, client);
  client.falling_asleep();
  client.watched.unlink();
  if (error) co_return false;
  client.idle = false;
  input.commit(received);
  co_return true;
}

http::Fault take_head(ForwardingWorker& worker, ClientConnection& client) {
  auto limits = worker.plan().limits;
  limits.body_bytes = 0;  // the service has the word on that
  const auto& scanner = client.scanner;
  const auto head = client.input.bytes().substr(scanner.start(), scanner.head_size());
  const auto fault = http::parse_request_head(head, limits, client.head);
  if (fault != http::Fault::none) return fault;
  client.input.consume(scanner.start() + scanner.head_size());
  client.body.begin(client.head.body, client.head.content_length, limits);
  return http::Fault::none;
}

net::Task<HeadRead> read_head(ForwardingWorker& worker, ClientConnection& client, bool first,
                              http::Fault& fault) {
  using Progress = http::HeadScanner::Progress;
  client.scanner.reset();
  bool begun = first || !client.input.empty();
  client.watch(begun ? worker.plan().timeouts.head : worker.plan().timeouts.keep_alive);
  for (;;) {
    const auto progress = client.scanner.scan(client.input.bytes(), worker.plan().limits);
    if (progress == Progress::complete) {
      fault = take_head(worker, client);
      co_return fault == http::Fault::none ? HeadRead::complete : HeadRead::refused;
    }
    if (progress == Progress::failed) {
      fault = client.scanner.fault();
      co_return HeadRead::refused;
    }
    // Once for the whole head: a client that sends it byte by byte gains nothing.
    if (!begun && !client.input.empty()) client.watch(worker.plan().timeouts.head);
    begun = begun || !client.input.empty();
    const bool received = co_await receive_more(worker, client, first);
    if (received) continue;
    co_return client.expired() && !client.input.empty() ? HeadRead::timed_out : HeadRead::closed;
  }
}

/// Answers for a head that never became a request. False: nothing was said.
net::Task<bool> refuse_head(ForwardingWorker& worker, ClientConnection& client, HeadRead read,
                            http::Fault fault) {
  if (read == HeadRead::closed) co_return false;
  client.head.clear();
  client.body.begin(http::Body::none, 0, worker.plan().limits);
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
    const auto read = co_await read_head(worker, client, first, fault);
    if (read != HeadRead::complete) {
      if (!co_await refuse_head(worker, client, read, fault)) co_return;
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
