#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/http_target.h"
#include "model/plan.h"

namespace weir::settings {

/// Rules for the texts of a configuration. What each takes is what the `range` of its keys
/// says; all answer `nullopt` to anything else.

/// [a-z0-9-]{1,63}
std::optional<std::string> parse_service_name(std::string_view text);

/// A token (RFC 9110 §5.6.2) of up to 128 bytes: names of fields and cookies.
std::optional<std::string> parse_token(std::string_view text);

/// The same, or nothing.
std::optional<std::string> parse_optional_token(std::string_view text);

/// Absolute, of whole segments, without a slash at the end, query, "//", "." or "..".
std::optional<std::string> parse_path_prefix(std::string_view text);

/// An absolute path, a query allowed: what a health check asks for.
std::optional<std::string> parse_target(std::string_view text);

/// "shop.example.com" or "*.example.com", made lower case; no port.
std::optional<std::string> parse_host_pattern(std::string_view text);

/// What a Host field may say: a name or address with or without a port, or nothing.
std::optional<std::string> parse_host_field(std::string_view text);

/// Any text of up to 255 bytes without control characters.
std::optional<std::string> parse_short_text(std::string_view text);

/// The same; there must be some.
std::optional<std::string> parse_name(std::string_view text);

/// The name of a file, or nothing; up to 4095 bytes without control characters.
std::optional<std::string> parse_file_name(std::string_view text);

/// The name of a file; there must be one.
std::optional<std::string> parse_needed_file(std::string_view text);

/// A DNS name or an address, lower case, or nothing: whom a certificate is for.
std::optional<std::string> parse_server_name(std::string_view text);

/// A list of ciphers as OpenSSL writes it, or nothing.
std::optional<std::string> parse_cipher_list(std::string_view text);

/// "0.0.0.0:8080", "[::]:8080"; port 0 allowed.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

/// "10.0.0.1:8000", "[2001:db8::1]:80", "blue.svc:80"; port from 1.
std::optional<EndpointName> parse_endpoint(std::string_view text);

/// "https://ops.example.com:8443/weir?team=shop": http or https, without user and fragment.
std::optional<HttpTarget> parse_url(std::string_view text);

/// "35.191.0.0/16", "2001:db8::/32" or one address.
std::optional<Cidr> parse_block(std::string_view text);

}  // namespace weir::settings
