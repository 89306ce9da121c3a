#include "forwarding/relay_body.h"

#include <boost/asio/post.hpp>

#include "forwarding/splice_body.h"
#include "http/chunk_writer.h"
#include "net/clock.h"
#include "net/send.h"

namespace weir::forwarding {
namespace {

constexpr std::string_view chunk_end_and_last = "\r\n0\r\n\r\n";
constexpr std::string_view chunk_end_and_last_line = "\r\n0\r\n";

void add_chunk(net::Gather& gather, std::string_view data, http::ChunkLine& size_line) {
  if (data.empty()) return;
  gather.add(http::write_chunk_line(data.size(), size_line));
  gather.add(data);
  gather.add(http::chunk_end);
}

/// The last piece of data, if any, and the end of the body in one.
void add_last_chunk(net::Gather& gather, std::string_view data, std::string_view trailers,
                    http::ChunkLine& size_line) {
  if (!data.empty()) {
    gather.add(http::write_chunk_line(data.size(), size_line));
    gather.add(data);
  }
  if (trailers.empty()) return gather.add(data.empty() ? http::last_chunk : chunk_end_and_last);
  gather.add(data.empty() ? http::last_chunk_line : chunk_end_and_last_line);
  gather.add(trailers);
  gather.add(http::chunk_end);
}

/// As much time for each `relay_window` as for all where there is no more.
net::Task<net::error_code> send_slowly(ClientConnection& client, net::Stream& to,
                                       net::Gather gather, Milliseconds stall) {
  net::error_code error;
  while (!error && !gather.empty()) {
    client.watch(stall);
    const auto part = gather.first(relay_window);
    error = co_await net::send_rest(to, part);
    gather.consume(part.size());
  }
  co_return error;
}

}  // namespace

net::Task<RelayEnd> relay_body(ClientConnection& client, RelaySource source, RelaySink sink,
                               std::string_view head, WireTimeouts timeouts) {
  http::ChunkLine size_line;
  bool closed = false;
  bool filled = false;  ///< the whole window, by the last read
  for (;;) {
    const auto piece = source.body.read(source.buffer);
    if (piece.status == BodyReader::Status::failed) {
      co_return head.empty() ? RelayEnd::bad_framing : RelayEnd::bad_start;
    }
    const bool last = closed || piece.status == BodyReader::Status::done;

    net::Gather gather;
    gather.add(head);
    head = {};
    if (sink.chunked && last) {
      const auto trailers = sink.trailers ? source.body.trailers() : std::string_view{};
      add_last_chunk(gather, piece.data, trailers, size_line);
    } else if (sink.chunked) {
      add_chunk(gather, piece.data, size_line);
    } else {
      gather.add(piece.data);
    }
    auto error = net::send_now(sink.socket, gather);
    const bool keeps_up = gather.empty();
    if (!error && !keeps_up) {
      error = co_await send_slowly(client, sink.socket, gather, timeouts.send_stall);
    }
    if (error) co_return RelayEnd::sink_failed;
    source.buffer.consume(piece.used);
    if (last) co_return RelayEnd::complete;
    if (can_splice(source, sink)) {
      const auto end = co_await splice_body(client, source, sink, timeouts);
      if (end) co_return *end;
    }

    source.buffer.reserve(relay_window);
    if (filled && keeps_up) source.buffer.grow_large();
    client.watch(timeouts.body_stall);
    const auto waits_since = source.pace != nullptr ? net::now() : Instant{};
    const auto held = source.buffer.size();
    error = source.socket.receive_now(source.buffer);
    if (error == boost::asio::error::would_block) {
      error = co_await source.socket.receive(source.buffer);
    } else if (source.socket.had_its_turn()) {
      // A sender that is always ahead must not keep the worker to itself.
      co_await boost::asio::post(source.socket.socket().get_executor(), net::as_result);
    }
    closed = error == boost::asio::error::eof && source.body.ends_with_connection();
    if (error && !closed) co_return RelayEnd::source_failed;
    const auto received = source.buffer.size() - held;
    filled = source.buffer.size() >= relay_window;
    if (source.pace != nullptr && !source.pace->keeps_up(received, net::now() - waits_since)) {
      source.body.give_up(http::Fault::body_too_slow);
      co_return RelayEnd::bad_framing;
    }
  }
}

}  // namespace weir::forwarding
