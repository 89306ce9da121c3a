#include "http/frame_boundary.h"

#include <algorithm>

namespace weir::http {
namespace {

constexpr unsigned close_opcode = 0x8;
constexpr unsigned length_16_bits = 126, length_64_bits = 127;
constexpr std::uint8_t mask_size = 4;

}  // namespace

std::size_t FrameBoundary::take(std::string_view bytes) noexcept {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    if (lost_) return bytes.size();
    if (payload_ == 0) {
      take_header(static_cast<unsigned char>(bytes[taken++]));
    } else {
      const auto more = std::min<std::uint64_t>(payload_, bytes.size() - taken);
      payload_ -= more;
      taken += static_cast<std::size_t>(more);
    }
    if (reached()) break;
  }
  return taken;
}

void FrameBoundary::take_header(unsigned char octet) noexcept {
  const auto at = header_bytes_++;
  if (at == 0) {
    closed_ = closed_ || (octet & 0x0fU) == close_opcode;
    return;
  }
  if (at == 1) {
    const unsigned length = octet & 0x7fU;
    const bool masked = (octet & 0x80U) != 0;
    length_ = length < length_16_bits ? length : 0;
    length_end_ = length == length_16_bits ? 4 : length == length_64_bits ? 10 : 2;
    header_size_ = static_cast<std::uint8_t>(length_end_ + (masked ? mask_size : 0));
  } else if (at < length_end_) {
    length_ = length_ << 8 | octet;
  }
  if (header_bytes_ > 1 && header_bytes_ == header_size_) end_header();
}

void FrameBoundary::end_header() noexcept {
  lost_ = length_ >> 63 != 0;
  payload_ = length_;
  header_bytes_ = 0;
}

}  // namespace weir::http
