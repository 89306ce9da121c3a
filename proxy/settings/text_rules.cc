#include "settings/text_rules.h"

#include <algorithm>
#include <utility>

#include "settings/amounts.h"
#include "settings/characters.h"

namespace weir::settings {
namespace {

bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }
bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

bool is_token_char(char c) {
  return is_alphanumeric(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

template <class Rule>
std::optional<std::string> text_of(std::string_view text, std::size_t longest, Rule rule) {
  if (text.size() > longest || !std::all_of(text.begin(), text.end(), rule)) return std::nullopt;
  return std::string(text);
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

/// A DNS name. One whose last label is a number is a mistyped address (WHATWG URL §3.5).
bool is_host_name(std::string_view name) {
  if (name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !std::all_of(label.begin(), label.end(), is_digit);
    name.remove_prefix(dot + 1);
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lowered(c);
  return result;
}

std::optional<IpAddress> parse_address(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  return IpAddress::parse(text);
}

struct HostPort {
  std::string_view host;
  bool bracketed;
  std::uint16_t port;
};

std::optional<HostPort> split(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_count(text.substr(colon + 1));
  if (!port || *port > 65'535) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  return HostPort{host, bracketed, static_cast<std::uint16_t>(*port)};
}

/// IPv6 in brackets, IPv4 without.
std::optional<IpAddress> address_of(const HostPort& split_text) {
  if (split_text.bracketed != (split_text.host.find(':') != std::string_view::npos)) {
    return std::nullopt;
  }
  return parse_address(split_text.host);
}

bool has_dot_segment(std::string_view path) {
  const std::string closed = std::string(path) + '/';
  return closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos;
}

}  // namespace

std::optional<std::string> parse_service_name(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text_of(text, 63, [](char c) { return is_digit(c) || is_lower(c) || c == '-'; });
}

std::optional<std::string> parse_token(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return parse_optional_token(text);
}

std::optional<std::string> parse_optional_token(std::string_view text) {
  return text_of(text, 128, is_token_char);
}

std::optional<std::string> parse_target(std::string_view text) {
  if (!text.starts_with('/')) return std::nullopt;
  return text_of(text, 1024, [](char c) { return is_visible(c) && c != '#'; });
}

std::optional<std::string> parse_path_prefix(std::string_view text) {
  const bool root = text == "/";
  if (!root && (text.ends_with('/') || text.find("//") != std::string_view::npos)) {
    return std::nullopt;
  }
  if (text.find('?') != std::string_view::npos || has_dot_segment(text)) return std::nullopt;
  return parse_target(text);
}

std::optional<std::string> parse_host_pattern(std::string_view text) {
  const auto name = text.starts_with("*.") ? text.substr(2) : text;
  if (!is_host_name(name) && !(name == text && parse_address(text))) return std::nullopt;
  if (text.find(':') != std::string_view::npos) return std::nullopt;
  return lower(text);
}

std::optional<std::string> parse_host_field(std::string_view text) {
  const bool valid =
      text.empty() || parse_endpoint(text) || parse_endpoint(std::string(text) + ":80");
  return valid ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> parse_short_text(std::string_view text) {
  return text_of(text, 255, [](char c) { return !is_control(c); });
}

std::optional<std::string> parse_name(std::string_view text) {
  return text.empty() ? std::nullopt : parse_short_text(text);
}

std::optional<std::string> parse_file_name(std::string_view text) {
  return text_of(text, 4095, [](char c) { return !is_control(c); });
}

std::optional<std::string> parse_needed_file(std::string_view text) {
  return text.empty() ? std::nullopt : parse_file_name(text);
}

std::optional<std::string> parse_server_name(std::string_view text) {
  const bool valid = text.empty() || is_host_name(text) || parse_address(text);
  return valid ? std::optional(lower(text)) : std::nullopt;
}

std::optional<std::string> parse_cipher_list(std::string_view text) {
  return text_of(text, 1024, is_visible);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto address = address_of(*parts);
  if (!address) return std::nullopt;
  return ListenAddress{*address, parts->port};
}

std::optional<EndpointName> parse_endpoint(std::string_view text) {
  const auto parts = split(text);
  if (!parts || parts->port == 0) return std::nullopt;
  const bool named = !parts->bracketed && is_host_name(parts->host);
  if (!named && !address_of(*parts)) return std::nullopt;
  return EndpointName{lower(parts->host), parts->port};
}

std::optional<HttpTarget> parse_url(std::string_view text) {
  constexpr std::string_view plain = "http://", secured = "https://";
  HttpTarget target;
  target.secured = text.starts_with(secured);
  if (!target.secured && !text.starts_with(plain)) return std::nullopt;
  text.remove_prefix(target.secured ? secured.size() : plain.size());
  const auto path_begin = std::min(text.find_first_of("/?"), text.size());
  const auto authority = std::string(text.substr(0, path_begin));
  auto at = parse_endpoint(authority);
  if (!at) at = parse_endpoint(authority + (target.secured ? ":443" : ":80"));
  const auto rest = text.substr(path_begin);
  auto path = parse_target(rest.starts_with('/') ? std::string(rest) : '/' + std::string(rest));
  if (!at || !path) return std::nullopt;
  target.at = *std::move(at);
  target.path = *std::move(path);
  return target;
}

std::optional<Cidr> parse_block(std::string_view text) {
  const auto slash = text.find('/');
  if (slash != std::string_view::npos && text.size() - slash > 4) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  return Cidr::parse(text);
}

}  // namespace weir::settings
