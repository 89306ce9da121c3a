#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::http {

/// Fields that Weir itself reads, writes or withholds.
enum class KnownField : std::uint8_t {
  other,
  alias,  ///< reads as one of those below once `_` and `.` are taken for `-`
  host,
  connection,
  keep_alive,
  proxy_connection,
  te,
  trailer,
  transfer_encoding,
  upgrade,
  http2_settings,
  content_length,
  expect,
  via,
  forwarded,
  x_forwarded_for,
  x_forwarded_host,
  x_forwarded_proto,
  forwarded_claim,  ///< any other X-Forwarded-*, and X-Real-IP
  x_request_id,
  traceparent,
  tracestate,
  authorization,
  cookie,
  set_cookie,
  x_weir_version,
  x_weir_mirrored,
  max_forwards,
  client_certificate,  ///< Client-Cert, Client-Cert-Chain (RFC 9440), X-Client-Cert and -Cert-*
};

/// ASCII case-insensitive, as field names compare (RFC 9110 §5.1).
bool equal_names(std::string_view a, std::string_view b) noexcept;

/// Whether `name` may be taken for `known`, which is in lower case, once `_` and `.` are
/// taken for `-`.
bool reads_as(std::string_view name, std::string_view known) noexcept;

KnownField known_field(std::string_view name) noexcept;
/// The same. `rare`: whether the name holds more than letters, digits and '-'.
KnownField known_field(std::string_view name, bool rare) noexcept;

/// One field line: views into the head it was read from. The value is trimmed.
struct Field {
  std::string_view name, value;
  KnownField known = KnownField::other;
  bool plain = false;  ///< stands in its head as "name: value", the CRLF behind it

  Field() = default;
  Field(std::string_view field_name, std::string_view field_value) noexcept
      : Field(field_name, field_value, known_field(field_name)) {}
  Field(std::string_view field_name, std::string_view field_value, KnownField what) noexcept
      : name(field_name), value(field_value), known(what) {}
};

/// The value of the first field of that name.
std::optional<std::string_view> field_value(const std::vector<Field>& fields,
                                            std::string_view name) noexcept;

/// The value of the one such field; `nullopt` where there is none or more than one.
std::optional<std::string_view> single_value(const std::vector<Field>& fields,
                                             KnownField known) noexcept;

}  // namespace weir::http
