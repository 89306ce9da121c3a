#include "http/trailers.h"

#include <algorithm>
#include <array>

namespace weir::http {
namespace {

constexpr auto withheld = std::to_array<std::string_view>({
    "age",
    "allow",
    "authentication-info",
    "cache-control",
    "cdn-cache-control",
    "clear-site-data",
    "date",
    "expires",
    "last-modified",
    "location",
    "pragma",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "range",
    "refresh",
    "retry-after",
    "strict-transport-security",
    "vary",
    "warning",
    "www-authenticate",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
});

constexpr auto withheld_prefixes = std::to_array<std::string_view>({
    "access-control-",
    "content-",
    "if-",
    "sec-",
});

bool may_travel(const Field& field) noexcept {
  const auto is_this = [&](std::string_view name) { return reads_as(field.name, name); };
  const auto begins_so = [&](std::string_view prefix) {
    return reads_as(field.name.substr(0, prefix.size()), prefix);
  };
  return field.known == KnownField::other && std::ranges::none_of(withheld, is_this) &&
         std::ranges::none_of(withheld_prefixes, begins_so);
}

}  // namespace

void append_trailer(const Field& field, std::string& section) {
  if (!may_travel(field)) return;
  section.append(field.name).append(": ").append(field.value).append("\r\n");
}

}  // namespace weir::http
