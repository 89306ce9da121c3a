#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

/// Text of bounded length, held in place: longer text is cut, between two characters of UTF-8.
template <std::size_t Capacity>
class ShortText {
 public:
  ShortText() = default;
  explicit ShortText(std::string_view text) noexcept
      : size_(static_cast<std::uint16_t>(fitting(text))) {
    std::copy_n(text.data(), size_, chars_.data());
  }
  std::string_view view() const noexcept { return {chars_.data(), size_}; }
  bool operator==(const ShortText& other) const noexcept { return view() == other.view(); }

 private:
  static std::size_t fitting(std::string_view text) noexcept {
    if (text.size() <= Capacity) return text.size();
    auto size = Capacity;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
    return size;
  }

  std::uint16_t size_ = 0;
  std::array<char, Capacity> chars_;
};

}  // namespace weir
