#include "net/stream.h"

#include <sys/socket.h>

#include <utility>

#include "net/system_calls.h"

namespace weir::net {
namespace {

using Step = TlsConnection::Step;

constexpr std::uint8_t reads_per_turn = 16;

/// What a step that could not go on waits for.
Socket::wait_type direction_of(Step step) noexcept {
  return step == Step::wants_write ? Socket::wait_write : Socket::wait_read;
}

}  // namespace

// The goodbye of the old TLS needs the old descriptor.
Stream& Stream::operator=(Stream&& other) noexcept {
  tls_ = std::move(other.tls_);
  socket_ = std::move(other.socket_);
  waits_for_ = other.waits_for_;
  dry_ = other.dry_;
  drained_ = other.drained_;
  reads_in_a_row_ = other.reads_in_a_row_;
  return *this;
}

Task<error_code> Stream::handshake(SslPtr ssl) {
  tls_ = std::make_unique<TlsConnection>(std::move(ssl), socket_.native_handle());
  dry_ = false;  // what comes behind the handshake may have come by its end
  for (bool waited = false;; waited = true) {
    const auto step = tls_->handshake();
    if (step == Step::done) co_return error_code{};
    if (step == Step::failed) co_return tls_->error();
    const auto [error] = co_await socket_.async_look(direction_of(step), waited, as_result);
    if (error) co_return error;
  }
}

error_code Stream::receive_tls(boost::asio::mutable_buffer room, std::size_t& received) noexcept {
  const auto step = tls_->read(room, received);
  if (step == Step::done) return {};
  if (step == Step::failed) return tls_->error();
  waits_for_ = direction_of(step);
  return boost::asio::error::would_block;
}

error_code Stream::receive_now(ReceiveBuffer& into) noexcept {
  error_code error;
  std::size_t received = 0;
  const auto room = into.room();
  if (tls_ != nullptr) {
    error = receive_tls(room, received);
  } else {
    received = receive_at_once(socket_.native_handle(), room, 0, error);
  }
  into.commit(received);
  // A TLS record that fills OpenSSL's buffer to its end may hide another: `end_may_wait`.
  drained_ = tls_ != nullptr ? !tls_->holds_bytes() : received < room.size();
  dry_ = error == boost::asio::error::would_block;
  return error;
}

bool Stream::must_wait() const noexcept { return tls_ == nullptr || dry_ || !tls_->holds_bytes(); }

Task<error_code> Stream::receive(ReceiveBuffer& into) {
  for (;;) {
    if (must_wait()) {
      reads_in_a_row_ = 0;
      const auto [error] = co_await readable(as_result);
      if (error) co_return error;
    }
    const auto error = receive_now(into);
    if (error != boost::asio::error::would_block) co_return error;
  }
}

bool Stream::had_its_turn() noexcept {
  if (++reads_in_a_row_ < reads_per_turn) return false;
  reads_in_a_row_ = 0;
  return true;
}

bool Stream::silent() noexcept {
  if (tls_ != nullptr) return dry_ = tls_->silent();
  char byte;
  error_code error;
  receive_at_once(socket_.native_handle(), boost::asio::buffer(&byte, 1), MSG_PEEK, error);
  return dry_ = error == boost::asio::error::would_block;
}

void Stream::shutdown(Socket::shutdown_type what, error_code& error) noexcept {
  if (tls_ != nullptr) tls_->say_goodbye();
  socket_.shutdown(what, error);
}

void Stream::cut_off() noexcept {
  if (tls_ != nullptr) tls_->abandon();
}

void Stream::close(error_code& error) noexcept {
  if (tls_ != nullptr) tls_->abandon();
  socket_.close(error);
}

}  // namespace weir::net
