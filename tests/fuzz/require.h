#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace weir::fuzz {

/// Ends the process where a rule does not hold, so that libFuzzer keeps the input.
inline void require(bool holds, std::string_view rule) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(rule.size()), rule.data());
  std::abort();
}

/// Likewise: `broken` must be empty.
inline void require_none(std::string_view broken) { require(broken.empty(), broken); }

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Calls `check(position)` for every position text of `size` may be cut at; for about
/// `most` of them where there are more.
template <class Check>
void at_cuts(std::size_t size, std::size_t most, Check check) {
  const std::size_t stride = 1 + size / most;
  for (std::size_t cut = 0; cut <= size; cut += stride) check(cut);
}

}  // namespace weir::fuzz
