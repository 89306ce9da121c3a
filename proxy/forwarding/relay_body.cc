#include "forwarding/relay_body.h"

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

}  // namespace

net::Task<RelayEnd> relay_body(ClientConnection& client, RelaySource source, RelaySink sink,
                               std::string_view head, WireTimeouts timeouts) {
  http::ChunkLine size_line;
  bool closed = false;
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
    if (!error && !gather.empty()) {
      client.watch(timeouts.send_stall);
      error = co_await net::send_rest(sink.socket, gather);
    }
    if (error) co_return RelayEnd::sink_failed;
    source.buffer.consume(piece.used);
    if (last) co_return RelayEnd::complete;

    source.buffer.reserve(relay_window);
    client.watch(timeouts.body_stall);
    const auto waits_since = source.pace != nullptr ? net::now() : Instant{};
    const auto [receive_error, received] =
        co_await source.socket.async_read_some(source.buffer.space(), net::as_result);
    closed = receive_error == boost::asio::error::eof && source.body.ends_with_connection();
    if (receive_error && !closed) co_return RelayEnd::source_failed;
    if (source.pace != nullptr && !source.pace->keeps_up(received, net::now() - waits_since)) {
      source.body.give_up(http::Fault::body_too_slow);
      co_return RelayEnd::bad_framing;
    }
    source.buffer.commit(received);
  }
}

}  // namespace weir::forwarding
