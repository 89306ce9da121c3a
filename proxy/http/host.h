#pragma once
#include <string_view>

namespace weir::http {

/// "name", "10.0.0.1" or "[2001:db8::1]", with ":port" (1–65535) or without. Names are
/// letters, digits and `-._~`: the sub-delimiters and escapes that RFC 3986 §3.2.2 also
/// allows name no host on the network, and a list or a user name must not pass for one.
bool is_valid_host(std::string_view text) noexcept;

}  // namespace weir::http
