#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "net/receive_buffer.h"
#include "net/socket.h"
#include "net/task.h"
#include "net/tls_connection.h"

namespace weir::net {

/// A connection: its socket, in the clear or under TLS. Who waits for bytes holds no memory
/// for them meanwhile. One worker's thread; one read and one write may be waiting at a time.
/// Must stay where it is while something waits.
class Stream {
 public:
  /// In the clear.
  Stream(Socket socket) noexcept : socket_(std::move(socket)) {}
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream() = default;

  /// Takes what has come, up to the room in `into`: at least one byte, or why not.
  /// `would_block` where nothing has come; `eof` only for an end that the peer meant.
  error_code receive_now(ReceiveBuffer& into) noexcept;
  /// There is nothing for `receive_now` before `readable`, as far as is known without asking.
  bool must_wait() const noexcept;
  /// Until `receive_now` is worth a try; may end once without cause. `end_may_wait`: an end or
  /// a reset that came along with the last bytes may go unnoticed, until `receive_now` is tried
  /// for another reason; that spares a system call.
  auto readable(const AsResult& token, bool end_may_wait = false) {
    const bool drained = std::exchange(drained_, false);
    const bool is_empty = std::exchange(dry_, false) || (end_may_wait && drained);
    return socket_.async_look(waits_for_, is_empty, token);
  }
  /// All three: waits where it must, then takes.
  Task<error_code> receive(ReceiveBuffer& into);
  /// Part of a TLS record came that is no bytes yet.
  bool holds_part() const noexcept { return tls_ != nullptr && tls_->holds_bytes(); }
  /// Whether it is time that others had a turn: this one has read often without waiting.
  bool had_its_turn() noexcept;

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
  error_code receive_tls(boost::asio::mutable_buffer room, std::size_t& received) noexcept;

  Socket socket_;
  std::unique_ptr<TlsConnection> tls_;  ///< below the socket: ends before it
  Socket::wait_type waits_for_ = Socket::wait_read;
  /// The last look found nothing. Before the first one epoll tells what is there already, and
  /// Asio remembers what ended an `async_wait`.
  bool dry_ = true;
  bool drained_ = false;  ///< the last read took all bytes there were; no wait has ended since
  std::uint8_t reads_in_a_row_ = 0;
};

}  // namespace weir::net
