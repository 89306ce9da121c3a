#pragma once
#include <span>
#include <string>
#include <string_view>

namespace weir::rollout_loop {

/// Two lower-case digits for each byte.
inline std::string hex_of(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const unsigned byte : bytes) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

}  // namespace weir::rollout_loop
