#include "forwarding/splice_body.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <tuple>

#include "net/splice_pipe.h"

namespace weir::forwarding {
namespace {

/// Below it two calls for each side cost more than the copies they spare.
constexpr std::uint64_t least_spliced = 16 * 1024;

/// To a receiver that does not keep up: it has `stall` for each `relay_window`.
net::Task<net::error_code> drain_slowly(ClientConnection& client, net::SplicePipe& pipe,
                                        net::Socket& to, Milliseconds stall) {
  auto at_watch = pipe.held();
  client.watch(stall);
  while (pipe.held() > 0) {
    const auto [failed] = co_await to.async_wait(net::Socket::wait_write, net::as_result);
    if (failed) co_return failed;
    const auto error = pipe.drain(to);
    if (error) co_return error;
    if (at_watch - pipe.held() < relay_window) continue;
    at_watch = pipe.held();
    client.watch(stall);
  }
  co_return net::error_code{};
}

}  // namespace

bool can_splice(const RelaySource& source, const RelaySink& sink) noexcept {
  return source.body.remaining() >= least_spliced && source.buffer.empty() &&
         source.pace == nullptr && source.socket.tls() == nullptr && !sink.chunked &&
         sink.socket.tls() == nullptr;
}

net::Task<std::optional<RelayEnd>> splice_body(ClientConnection& client, RelaySource source,
                                               RelaySink sink, WireTimeouts timeouts) {
  auto& to = sink.socket.socket();
  while (!source.body.done()) {
    client.watch(timeouts.body_stall);
    auto pipe = net::SplicePipe::take();
    if (!pipe) co_return std::nullopt;
    const auto most = std::min<std::uint64_t>(source.body.remaining(), net::SplicePipe::capacity);
    auto error = pipe->fill(source.socket.socket(), static_cast<std::size_t>(most));
    if (error == boost::asio::error::invalid_argument) co_return std::nullopt;
    if (error == boost::asio::error::would_block) {
      pipe.reset();  // who waits for bytes holds none
      std::tie(error) = co_await source.socket.readable(net::as_result);
      if (error) co_return RelayEnd::source_failed;
      continue;
    }
    if (error) co_return RelayEnd::source_failed;
    source.body.skip(pipe->held());
    error = pipe->drain(to);
    if (!error && pipe->held() > 0) {
      error = co_await drain_slowly(client, *pipe, to, timeouts.send_stall);
    }
    if (error) co_return RelayEnd::sink_failed;
    if (!source.body.done() && source.socket.had_its_turn()) {
      // A sender that is always ahead must not keep the worker to itself.
      co_await boost::asio::post(source.socket.socket().get_executor(), net::as_result);
    }
  }
  co_return RelayEnd::complete;
}

}  // namespace weir::forwarding
