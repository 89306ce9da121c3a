#pragma once
#include <cstdint>
#include <string_view>

#include "http/chunk_reader.h"
#include "http/request_head.h"
#include "net/receive_buffer.h"

namespace weir::forwarding {

/// Takes one message body out of a buffer, whatever its framing. Chunked bodies are
/// decoded in place, so that one read becomes one piece, free of extensions.
class BodyReader {
 public:
  enum class Status : std::uint8_t { more, done, failed };

  struct Piece {
    Status status = Status::more;
    std::string_view data;  ///< valid until the buffer is consumed
    std::size_t used = 0;   ///< bytes of the buffer this piece stands for
  };

  void begin(http::Body framing, std::uint64_t length, const WireLimits& limits);
  /// Reads what the buffer holds. Consume `used` before the next call.
  Piece read(net::ReceiveBuffer& buffer);
  /// The sender closed: whether that is this body's regular end.
  bool ends_with_connection() const noexcept { return framing_ == http::Body::until_close; }
  /// All of it is in the buffer, unread, and can be sent as it stands.
  bool whole_in(const net::ReceiveBuffer& buffer) const noexcept;
  bool done() const noexcept { return done_; }
  /// Bytes not yet read of a body whose length is known; 0 for any other.
  std::uint64_t remaining() const noexcept { return remaining_; }
  /// So many went past this reader, at most `remaining`.
  void skip(std::uint64_t count) noexcept;
  /// Once done: those worth sending on, as lines; until the next `begin`.
  std::string_view trailers() const noexcept {
    return framing_ == http::Body::chunked ? chunks_.trailer_section() : std::string_view{};
  }
  http::Body framing() const noexcept { return framing_; }
  http::Fault fault() const noexcept { return fault_; }
  /// Nobody reads the rest, for a reason that is not in the bytes.
  void give_up(http::Fault fault) noexcept { fault_ = fault; }

 private:
  Piece read_chunked(net::ReceiveBuffer& buffer);

  http::Body framing_ = http::Body::none;
  std::uint64_t remaining_ = 0;
  http::ChunkReader chunks_;
  http::Fault fault_ = http::Fault::none;
  bool done_ = true;
};

}  // namespace weir::forwarding
