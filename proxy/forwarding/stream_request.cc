#include "forwarding/stream_request.h"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "forwarding/answer.h"
#include "forwarding/attempt.h"

namespace weir::forwarding {
namespace {

/// What the two directions tell each other. They share a thread.
struct Directions {
  bool upload_ended = false;
  bool download_ended = false;
  bool pool_ended_it = false;  ///< the download cut the upload off
  RelayEnd upload = RelayEnd::complete;
  Attempt attempt = Attempt::answered;
  outcomes::Ending ending = outcomes::Ending::answered;
};

net::Task<> upload(Exchange& x, Directions& directions) {
  const bool chunked = x.client.intake->body.framing() == http::Body::chunked;
  LeastRate pace(x.limits.upload_rate, x.timeouts.rate_window);
  auto* const least = pace.asked() ? &pace : nullptr;
  directions.upload = co_await relay_body(
      x.client, {x.client.socket, x.scratch->upload, x.client.intake->body, least},
      {x.connection->socket, chunked, true}, {}, x.timeouts);
  directions.upload_ended = true;
  if (directions.download_ended) co_return;
  if (directions.upload == RelayEnd::complete) {
    x.client.watch(x.timeouts.response);
  } else if (directions.upload != RelayEnd::sink_failed) {
    // Without its body the request will never be answered. A pool that stopped
    // reading is another matter: it may have answered first.
    net::error_code ignored;
    x.connection->socket.close(ignored);
  }
}

net::Task<> download(Exchange& x, Directions& directions) {
  directions.attempt = co_await receive_response_head(x);
  if (directions.attempt == Attempt::answered) {
    directions.ending = co_await relay_response(x);
    if (!x.response_started) directions.attempt = Attempt::bad_response;
  }
  directions.download_ended = true;
  if (directions.upload_ended) co_return;
  // A deadline ends both, and may have been the client's.
  directions.pool_ended_it = directions.attempt != Attempt::timed_out;
  net::error_code ignored;  // answered early, or never: the rest of the body has no reader
  x.connection->socket.close(ignored);
  x.client.socket.cancel(ignored);
}

/// Whose fault it was, when the client's side failed before an answer began.
Attempt blame(ClientConnection& client, const Directions& directions) noexcept {
  if (directions.pool_ended_it) return directions.attempt;
  if (directions.upload == RelayEnd::bad_framing) return Attempt::bad_request;
  if (directions.upload != RelayEnd::source_failed) return directions.attempt;
  if (!client.expired()) return Attempt::client_gone;
  client.intake->body.give_up(http::Fault::body_too_slow);
  return Attempt::bad_request;
}

}  // namespace

net::Task<Attempt> stream_request(Exchange& x) {
  using namespace boost::asio::experimental::awaitable_operators;
  x.body_streamed = true;
  x.impatient = false;
  x.scratch->upload.append(x.client.intake->input.bytes());
  x.client.intake->input.consume(x.client.intake->input.size());

  Directions directions;
  co_await (upload(x, directions) && download(x, directions));

  const bool all_sent = directions.upload == RelayEnd::complete;
  x.keep_connection = x.keep_connection && all_sent;
  x.keep_client = x.keep_client && all_sent;
  if (x.keep_client) x.client.intake->input.append(x.scratch->upload.bytes());
  x.scratch->upload.consume(x.scratch->upload.size());
  if (!x.response_started) co_return blame(x.client, directions);
  if (directions.upload == RelayEnd::bad_framing)
    x.worker.refusals().count(x.client.intake->body.fault());

  const bool client_failed = !all_sent && directions.upload != RelayEnd::sink_failed &&
                             directions.ending != outcomes::Ending::answered;
  x.record(client_failed ? outcomes::Ending::client_aborted : directions.ending,
           static_cast<std::uint16_t>(x.scratch->response.status));
  x.release_connection();
  co_return Attempt::answered;
}

}  // namespace weir::forwarding
