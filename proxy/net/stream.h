#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <tuple>

#include "net/task.h"
#include "net/tls_connection.h"

namespace weir::net {

/// A connection: its socket, in the clear or under TLS. What it does has the names of
/// Asio's own socket, and in the clear is that socket's own operation and nothing more.
/// One worker's thread; one read and one write may be waiting at a time. Must stay where
/// it is while something waits.
class Stream {
 public:
  using Received = std::tuple<error_code, std::size_t>;

  /// In the clear.
  Stream(Socket socket) noexcept : socket_(std::move(socket)) {}
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream() = default;

  /// At least one byte, or why not; `eof` only for an end that the peer meant.
  Task<Received> async_read_some(boost::asio::mutable_buffer into, const AsResult&) {
    if (tls_ == nullptr) return socket_.async_read_some(into, as_result);
    return read_tls(into);
  }

  /// Waits until a read has something to work on, for those who would rather hold no buffer
  /// meanwhile.
  Task<error_code> something();

  /// Puts TLS on a connected socket. Where it fails, `tls()` says why and nothing but closing
  /// is left. Bounded by the caller's deadline, which cancels or closes.
  Task<error_code> handshake(SslPtr ssl);

  /// Nothing came and the peer has not closed, as far as one look can tell.
  bool silent() noexcept;

  /// Ends our direction: under TLS the peer is told first, unless `cut_off` was said.
  void shutdown(Socket::shutdown_type what, error_code& error) noexcept;
  /// What was being sent ends here, unfinished: the peer must not take it for whole.
  void cut_off() noexcept;
  void close(error_code& error) noexcept;
  void cancel(error_code& error) noexcept { socket_.cancel(error); }
  bool is_open() const noexcept { return socket_.is_open(); }

  /// Null in the clear.
  TlsConnection* tls() const noexcept { return tls_.get(); }
  /// The bytes below TLS. To be closed by `close` only.
  Socket& socket() noexcept { return socket_; }

 private:
  Task<Received> read_tls(boost::asio::mutable_buffer into);

  Socket socket_;
  std::unique_ptr<TlsConnection> tls_;  ///< below the socket: ends before it
};

}  // namespace weir::net
