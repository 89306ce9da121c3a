#include "http/cookie.h"

#include "http/octets.h"

namespace weir::http {
namespace {

// Clients of RFC 2965, such as Java's, quote what they were given without quotes.
std::string_view unquoted(std::string_view value) noexcept {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::optional<std::string_view> value_in(std::string_view pairs, std::string_view name) noexcept {
  while (!pairs.empty()) {
    const std::size_t end = pairs.find(';');
    const std::string_view pair = pairs.substr(0, end);
    pairs = end == std::string_view::npos ? std::string_view{} : pairs.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (trimmed(pair.substr(0, equals)) == name) return unquoted(trimmed(pair.substr(equals + 1)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> cookie_value(const RequestHead& head,
                                             std::string_view name) noexcept {
  for (const Field& field : head.fields) {
    if (field.known != KnownField::cookie) continue;
    if (const auto value = value_in(field.value, name)) return value;
  }
  return std::nullopt;
}

}  // namespace weir::http
