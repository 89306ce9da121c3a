#include "http/protocols.h"

#include "http/field.h"
#include "http/list.h"
#include "http/octets.h"

namespace weir::http {
namespace {

bool is_protocol(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  return consists_of(token_octet, text.substr(0, slash)) &&
         (slash == std::string_view::npos || consists_of(token_octet, text.substr(slash + 1)));
}

}  // namespace

bool is_valid_offer(std::string_view list) noexcept {
  if (list.empty() || list.back() == ',') return false;
  while (!list.empty()) {
    const std::string_view protocol = take_element(list);
    if (!is_protocol(protocol) || equal_names(protocol, "h2c")) return false;
  }
  return true;
}

bool offers(std::string_view list, std::string_view protocol) noexcept {
  while (!list.empty()) {
    if (equal_names(take_element(list), protocol)) return !protocol.empty();
  }
  return false;
}

void append_offer(std::string_view list, std::string& out) {
  out.append("Upgrade: ").append(take_element(list));
  while (!list.empty()) out.append(", ").append(take_element(list));
  out.append("\r\n");
}

}  // namespace weir::http
