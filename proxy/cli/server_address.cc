#include "cli/server_address.h"

#include "http/host.h"

namespace weir::cli {

std::string ServerAddress::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + port;
}

std::variant<ServerAddress, std::string> read_server(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const auto wrong = "--server '" + std::string(url) + "': ";
  if (url.starts_with("https://")) {
    return wrong + "https is not supported yet; use http:// to loopback or a port-forward";
  }
  if (!url.starts_with(scheme)) return wrong + "it must begin with http://";
  auto rest = url.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (!http::is_valid_host(rest)) return wrong + "there must be a host, a port and nothing else";
  const bool v6 = rest.starts_with('[');
  const auto host_end = v6 ? rest.find(']') : rest.find(':');
  const auto host = rest.substr(v6 ? 1 : 0, v6 ? host_end - 1 : host_end);
  const auto colon = rest.find(':', v6 ? host_end : 0);
  const auto port = colon == std::string_view::npos ? "80" : rest.substr(colon + 1);
  return ServerAddress{std::string(host), std::string(port)};
}

}  // namespace weir::cli
