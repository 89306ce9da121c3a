#include "forwarding/tunnel.h"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include "forwarding/exchange.h"
#include "forwarding/relay_body.h"
#include "net/send.h"

namespace weir::forwarding {
namespace {

/// For a frame boundary to come, and for the answer to a Close frame.
constexpr Milliseconds patience{1'000};

net::Task<net::error_code> send(net::Stream& to, std::string_view bytes) {
  net::Gather gather;
  gather.add(bytes);
  auto error = net::send_now(to, gather);
  if (!error && !gather.empty()) error = co_await net::send_rest(to, gather);
  co_return error;
}

/// Buffers start small and grow with tunnels that fill them; most tunnels are silent, and have
/// none.
net::Task<net::error_code> receive(net::Stream& from, net::ReceiveBuffer& buffer) {
  auto error = from.receive_now(buffer);
  if (error == boost::asio::error::would_block) {
    buffer.release();
    error = co_await from.receive(buffer);
  } else if (from.had_its_turn()) {
    co_await boost::asio::post(from.socket().get_executor(), net::as_result);
  }
  if (!error && buffer.size() == buffer.capacity()) buffer.reserve(relay_window);
  co_return error;
}

}  // namespace

Tunnel::Tunnel(Exchange& x)
    : client_(x.client),
      pool_(std::move(x.connection->socket)),
      idle_(x.timeouts.tunnel_idle),
      service_(x.service.index),
      version_(x.version),
      preview_(x.preview),
      plan_(x.service.plan->tunnels),
      tally_(x.tally()),
      use_(x.worker.connections(), x.endpoint->id, {x.service.index, x.version}),
      deadline_(x.worker.worker().wheel(), &Tunnel::deadline_passed, this) {
  std::swap(from_pool_, x.scratch->upstream_input);
  if (x.websocket) frames_.emplace();
  tally_.tunnel_opened();
}

Tunnel::~Tunnel() {
  client_.attach(nullptr);
  tally_.tunnel_closed();
}

void Tunnel::arm() noexcept {
  const auto due = std::min(switch_deadline_, other_deadline_);
  due == Instant::max() ? deadline_.disarm() : deadline_.arm(due);
}

void Tunnel::traffic_lost(Instant deadline) noexcept {
  if (state_ != State::open || switch_deadline_ != Instant::max()) return;
  switch_deadline_ = deadline;
  arm();
}

void Tunnel::traffic_came_back() noexcept {
  if (state_ != State::open || switch_deadline_ == Instant::max()) return;
  switch_deadline_ = Instant::max();
  arm();
}

void Tunnel::close_by(Instant deadline) noexcept {
  if (state_ != State::open) return;
  other_deadline_ = deadline;
  arm();
}

void Tunnel::deadline_passed(void* self) {
  auto& tunnel = *static_cast<Tunnel*>(self);
  if (tunnel.state_ == State::open) {
    tunnel.begin_closing();
  } else {
    tunnel.end();
  }
}

void Tunnel::begin_closing() noexcept {
  if (switch_deadline_ <= other_deadline_) tally_.tunnel_switched();
  state_ = State::closing;
  if (!frames_ || frames_->lost()) return end();
  deadline_.arm(net::now() + patience);
  if (!sending_ && frames_->reached()) say_farewell();
}

void Tunnel::say_farewell() noexcept {
  state_ = State::farewell_said;
  deadline_.arm(net::now() + patience);
  if (frames_->closed()) return;  // the pool said it
  net::Gather gather;
  gather.add(http::going_away_frame);
  const auto error = net::send_now(client_.socket, gather);
  if (error || !gather.empty()) end();
}

void Tunnel::end() noexcept {
  state_ = State::ended;
  net::error_code ignored;
  pool_.close(ignored);
  client_.socket.cancel(ignored);
}

/// What of the pool's bytes goes to the client: all, up to the end of a frame where the
/// tunnel is closing, and nothing behind our Close frame.
std::string_view Tunnel::passing(std::string_view bytes) noexcept {
  if (state_ == State::farewell_said) return {};
  if (!frames_) return bytes;
  std::size_t passed = 0;
  while (passed < bytes.size()) {
    passed += frames_->take(bytes.substr(passed));
    if (state_ == State::closing && frames_->reached()) break;
  }
  return bytes.substr(0, passed);
}

void Tunnel::passed() noexcept {
  sending_ = false;
  if (state_ == State::closing && frames_->reached()) say_farewell();
}

net::Task<> Tunnel::relay_to_client() {
  for (;;) {
    sending_ = true;
    if (co_await send(client_.socket, passing(from_pool_.bytes()))) break;
    passed();
    from_pool_.consume(from_pool_.size());
    const auto error = co_await receive(pool_, from_pool_);
    net::error_code ignored;
    if (error == boost::asio::error::eof) {
      client_.socket.shutdown(net::Socket::shutdown_send, ignored);
      co_return;
    }
    if (error) break;
    client_.watch(idle_);
  }
  end();
}

net::Task<> Tunnel::relay_to_pool() {
  auto& input = client_.intake->input;
  for (;;) {
    if (co_await send(pool_, input.bytes())) break;
    input.consume(input.size());
    const auto error = co_await receive(client_.socket, input);
    net::error_code ignored;
    if (error == boost::asio::error::eof) {
      pool_.shutdown(net::Socket::shutdown_send, ignored);
      co_return;
    }
    if (error) break;
    client_.watch(idle_);
  }
  end();
}

net::Task<> relay_tunnel(Tunnel& tunnel) {
  using namespace boost::asio::experimental::awaitable_operators;
  tunnel.client_.attach(&tunnel.pool_);
  tunnel.client_.watch(tunnel.idle_);
  co_await (tunnel.relay_to_client() && tunnel.relay_to_pool());
}

}  // namespace weir::forwarding
