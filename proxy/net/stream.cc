#include "net/stream.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

namespace weir::net {
namespace {

using Step = TlsConnection::Step;

/// Waits until a step that could not go on may do so.
Task<error_code> readiness(Socket& socket, Step step) {
  const auto direction = step == Step::wants_write ? Socket::wait_write : Socket::wait_read;
  const auto [error] = co_await socket.async_wait(direction, as_result);
  co_return error;
}

}  // namespace

// The goodbye of the old TLS needs the old descriptor.
Stream& Stream::operator=(Stream&& other) noexcept {
  tls_ = std::move(other.tls_);
  socket_ = std::move(other.socket_);
  return *this;
}

Task<error_code> Stream::handshake(SslPtr ssl) {
  tls_ = std::make_unique<TlsConnection>(std::move(ssl), socket_.native_handle());
  for (;;) {
    const auto step = tls_->handshake();
    if (step == Step::done) co_return error_code{};
    if (step == Step::failed) co_return tls_->error();
    const auto error = co_await readiness(socket_, step);
    if (error) co_return error;
  }
}

Task<Stream::Received> Stream::read_tls(boost::asio::mutable_buffer into) {
  // A peer that is always ahead must not keep the worker to itself.
  if (tls_->had_its_turn()) co_await boost::asio::post(socket_.get_executor(), as_result);
  for (;;) {
    std::size_t received = 0;
    const auto step = tls_->read(into, received);
    if (step == Step::done) co_return Received(error_code{}, received);
    if (step == Step::failed) co_return Received(tls_->error(), 0);
    const auto error = co_await readiness(socket_, step);
    if (error) co_return Received(error, 0);
  }
}

Task<error_code> Stream::something() {
  if (tls_ != nullptr && tls_->holds_bytes()) co_return error_code{};
  const auto error = co_await readiness(socket_, Step::wants_read);
  co_return error;
}

bool Stream::silent() noexcept {
  if (tls_ != nullptr) return tls_->silent();
  char byte;
  const auto peeked = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
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
