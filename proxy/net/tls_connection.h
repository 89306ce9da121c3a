#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/openssl_handles.h"
#include "net/task.h"
#include "net/tls_failure.h"

namespace weir::net {

/// TLS on one socket, OpenSSL reading and writing its descriptor itself. Nothing here
/// waits: each step says what to wait for before it is tried again. The descriptor must
/// stay open for as long as this lives, or until `abandon`.
class TlsConnection {
 public:
  enum class Step : std::uint8_t { done, wants_read, wants_write, failed };

  /// `ssl` knows its side and has not begun.
  TlsConnection(SslPtr ssl, int descriptor) noexcept;
  /// Says goodbye.
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  Step handshake() noexcept;
  /// At least one byte where `done`. A peer that closes without saying so (RFC 8446 §6.1)
  /// has broken off: only after its word `error` is `eof`.
  Step read(boost::asio::mutable_buffer into, std::size_t& received) noexcept;
  /// `sent` may be less than all: up to one record. After `wants_…` the next write must
  /// begin with the same bytes, wherever they are.
  Step write(boost::asio::const_buffer from, std::size_t& sent) noexcept;
  /// Bytes of the peer's are here, not all of them read.
  bool holds_bytes() const noexcept { return SSL_has_pending(ssl_.get()) == 1; }
  /// The peer has neither closed nor sent anything that is not TLS's own.
  bool silent() noexcept;

  /// Says that nothing follows (close_notify), once and without waiting, where the
  /// connection is in order.
  void say_goodbye() noexcept;
  /// From now on every step fails and the peer is told nothing: for what is cut off, and
  /// before the descriptor closes.
  void abandon() noexcept { broken_ = true; }

  /// Of the step that failed.
  error_code error() const noexcept { return error_; }
  TlsFailure failure() const noexcept { return failure_; }
  const std::string& failure_text() const noexcept { return failure_text_; }
  bool established() const noexcept { return established_; }

  const SSL* ssl() const noexcept { return ssl_.get(); }
  bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }
  /// To resume by; null where the peer gave nothing for it.
  SslSessionPtr session() const noexcept;

 private:
  Step judged(int result) noexcept;
  Step failed(const error_code& error) noexcept;

  SslPtr ssl_;
  error_code error_;
  TlsFailure failure_ = TlsFailure::none;
  std::string failure_text_;
  bool established_ = false;
  bool broken_ = false;
  bool goodbye_said_ = false;
};

}  // namespace weir::net
