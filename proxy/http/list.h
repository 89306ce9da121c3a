#pragma once
#include <cstddef>
#include <string_view>

#include "http/octets.h"

namespace weir::http {

/// Takes the first element, trimmed, off a comma-separated list (RFC 9110 §5.6.1).
/// Knows nothing of quoted strings: for lists of tokens and addresses. `rest` becomes
/// what is after the comma; an element may be empty. Call until `rest` has no data.
inline std::string_view take_element(std::string_view& rest) noexcept {
  const std::size_t comma = rest.find(',');
  const std::string_view element = trimmed(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return element;
}

/// Likewise from the end.
inline std::string_view take_last_element(std::string_view& rest) noexcept {
  const std::size_t comma = rest.rfind(',');
  const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
  const std::string_view element = trimmed(rest.substr(begin));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
  return element;
}

}  // namespace weir::http
