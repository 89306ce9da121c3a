#include "http/host.h"

#include <algorithm>
#include <cstdint>

#include "http/octets.h"
#include "model/ip_address.h"

namespace weir::http {
namespace {

bool is_valid_port(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > 5 || !std::ranges::all_of(digits, is_digit)) return false;
  std::uint32_t port = 0;
  for (const char digit : digits) port = port * 10 + static_cast<std::uint32_t>(digit - '0');
  return port >= 1 && port <= 65535;
}

bool is_valid_suffix(std::string_view text) noexcept {
  return text.empty() || (text.front() == ':' && is_valid_port(text.substr(1)));
}

bool is_v6_literal(std::string_view text) noexcept {
  return text.find(':') != std::string_view::npos && IpAddress::parse(text).has_value();
}

}  // namespace

bool is_valid_host(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end != std::string_view::npos && is_v6_literal(text.substr(1, end - 1)) &&
           is_valid_suffix(text.substr(end + 1));
  }
  const std::size_t name = span_of(host_octet, text);
  return name > 0 && is_valid_suffix(text.substr(name));
}

}  // namespace weir::http
