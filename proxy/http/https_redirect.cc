#include "http/https_redirect.h"

namespace weir::http {
namespace {

/// Without its port; an IPv6 address in its brackets.
std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  const auto bracket = host.rfind(']');
  const bool inside = bracket != std::string_view::npos && colon < bracket;
  return colon == std::string_view::npos || inside ? host : host.substr(0, colon);
}

}  // namespace

void write_https_redirect(const RequestHead& head, std::uint16_t port, bool close,
                          std::string& out) {
  out.assign("HTTP/1.1 308 Permanent Redirect\r\nLocation: https://");
  out.append(without_port(head.host));
  if (port != 443) out.append(":").append(std::to_string(port));
  // "*" asks about the server as a whole.
  out.append(head.target == "*" ? "/" : head.target);
  out.append("\r\nContent-Length: 0\r\n");
  if (close) {
    out.append("Connection: close\r\n");
  } else if (head.minor == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace weir::http
