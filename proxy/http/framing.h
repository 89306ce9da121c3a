#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "http/fault.h"
#include "http/field.h"

namespace weir::http {

/// A field that may be there once, as found: `value` is of the last one.
struct Found {
  std::string_view value;
  unsigned count = 0;

  void add(std::string_view found) noexcept {
    value = found;
    ++count;
  }
};

/// What the Connection fields ask for (RFC 9110 §7.6.1).
struct ConnectionOptions {
  static constexpr unsigned most = 64;  ///< bounds the work of stripping nominated fields
  bool close = false, keep_alive = false, upgrade = false;
  unsigned count = 0;
};

/// The fields that say how long a message and its connection last, gathered in one pass.
struct ControlFields {
  Found host, length, coding, upgrade, hops;
  ConnectionOptions connection;
  bool expect_continue = false;
  bool expect_other = false;
  bool has_te = false;
};

Fault gather(const std::vector<Field>& fields, ControlFields& control) noexcept;

/// How both kinds of message say their length (RFC 9112 §6).
struct Framing {
  bool chunked = false;
  bool has_length = false;
  std::uint64_t length = 0;
};

/// Transfer-Encoding must be one plain `chunked` on HTTP/1.1; Content-Length one plain
/// number of 1–19 digits without leading zeros; never both.
Fault read_framing(const ControlFields& control, int minor, Framing& framing) noexcept;

/// RFC 9112 §9.3.
bool keeps_alive(const ConnectionOptions& options, int minor) noexcept;

/// Exactly "HTTP/1.0" or "HTTP/1.1". Else version_not_supported for another HTTP/x.y,
/// bad_version for anything that is none.
Fault parse_version(std::string_view text, int& minor) noexcept;

}  // namespace weir::http
