#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::http {

/// Follows one direction of a WebSocket connection from frame to frame (RFC 6455 §5.2), so
/// that a frame of our own can go between two of them. Looks at headers only, whatever
/// pieces they arrive in; extensions change nothing about the lengths it reads.
class FrameBoundary {
 public:
  /// Takes the front of `bytes` up to the end of the frame it is in. Returns how many;
  /// all of them where the frame goes on. Nothing of an empty view.
  std::size_t take(std::string_view bytes) noexcept;

  /// Between two frames, where a control frame may go even amid a fragmented message.
  bool reached() const noexcept { return header_bytes_ == 0 && payload_ == 0 && !lost_; }
  /// A Close frame began to pass: no other frame may follow it.
  bool closed() const noexcept { return closed_; }
  /// A length that RFC 6455 forbids passed: no boundary will be known again.
  bool lost() const noexcept { return lost_; }

 private:
  void take_header(unsigned char octet) noexcept;
  void end_header() noexcept;

  std::uint64_t payload_ = 0;      ///< still to come of this frame
  std::uint64_t length_ = 0;       ///< as read so far
  std::uint8_t header_bytes_ = 0;  ///< read of this header; 0: none, or it is complete
  std::uint8_t header_size_ = 2;   ///< of the header being read, once its second byte is in
  std::uint8_t length_end_ = 2;    ///< where its extended length ends
  bool closed_ = false;
  bool lost_ = false;
};

/// An unmasked Close frame with code 1001, Going Away (RFC 6455 §7.4.1).
inline constexpr std::string_view going_away_frame{"\x88\x02\x03\xe9", 4};

}  // namespace weir::http
