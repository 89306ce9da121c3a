#pragma once
#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <string_view>

#include "net/stream.h"
#include "net/task.h"

namespace weir::net {

/// Up to six pieces sent as one. The bytes stay the caller's until sent.
class Gather {
 public:
  void add(std::string_view piece) noexcept {
    if (!piece.empty()) pieces_[count_++] = {piece.data(), piece.size()};
  }
  bool empty() const noexcept { return count_ == first_; }
  /// Nothing was consumed.
  bool untouched() const noexcept { return consumed_ == 0; }
  /// Forgets the first `count` bytes.
  void consume(std::size_t count) noexcept;
  std::size_t size() const noexcept;
  /// The first `count` bytes, or all.
  Gather first(std::size_t count) const noexcept;

  const boost::asio::const_buffer* begin() const noexcept { return pieces_.data() + first_; }
  const boost::asio::const_buffer* end() const noexcept { return pieces_.data() + count_; }

 private:
  std::array<boost::asio::const_buffer, 6> pieces_;
  std::size_t first_ = 0, count_ = 0, consumed_ = 0;
};

/// Sends what the connection takes without waiting. `gather` is empty when all went.
/// Under TLS small pieces share a record; what is left must be sent next.
error_code send_now(Stream& stream, Gather& gather) noexcept;

/// Sends the rest, waiting as often as needed. Bounded by the caller's deadline,
/// which cancels or closes the connection.
Task<error_code> send_rest(Stream& stream, Gather gather);

}  // namespace weir::net
