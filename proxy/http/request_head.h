#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "http/fault.h"
#include "http/field.h"
#include "model/wire_limits.h"

namespace weir::http {

enum class Method : std::uint8_t {
  get,
  head,
  post,
  put,
  del,
  options,
  trace,
  connect,
  patch,
  other
};

/// Methods are case-sensitive: "get" is `other` (RFC 9110 §9.1).
Method method_named(std::string_view text) noexcept;
/// RFC 9110 §9.2.1: GET, HEAD, OPTIONS, TRACE.
bool is_safe(Method method) noexcept;
/// RFC 9110 §9.2.2: the safe ones, PUT and DELETE.
bool is_idempotent(Method method) noexcept;

/// How a body is framed. `length` may be of 0 bytes; `until_close` only in responses.
enum class Body : std::uint8_t { none, length, chunked, until_close };

/// One request's head. All views point into the bytes it was parsed from, or to constants.
struct RequestHead {
  Method method = Method::get;
  std::string_view method_text;
  std::string_view target;    ///< as to be sent on: origin-form, or "*"
  std::string_view path;      ///< target without its query; "/" for "*"
  std::string_view host;      ///< of Host, or of an absolute target; empty: HTTP/1.0 without
  std::string_view upgrade;   ///< offered (see `is_valid_offer`) where `upgrade_requested`
  int minor = 1;              ///< HTTP/1.0 or 1.1
  std::vector<Field> fields;  ///< all, in order, framing and hop-by-hop ones included
  Body body = Body::none;
  std::uint64_t content_length = 0;  ///< where body is `length`
  bool keep_alive = true;            ///< RFC 9112 §9.3
  bool expect_continue = false;      ///< and a body is announced, and the client speaks 1.1
  /// Max-Forwards as to be sent on; of OPTIONS and TRACE only (RFC 9110 §7.6.2).
  std::optional<std::uint32_t> hops_left;
  bool upgrade_requested = false;  ///< a GET on 1.1 without a body, offering `upgrade`
  bool trailers_accepted = false;  ///< TE: trailers on 1.1

  /// Forgets everything but the vector's capacity.
  void clear() noexcept;
  /// Gives that back, too.
  void release() noexcept { *this = RequestHead{}; }
};

/// Reads a complete head, empty line included, into `out` (cleared first). Strict: what
/// it accepts has one meaning to every reader (RFC 9110, RFC 9112 §2–6; stricter where
/// those leave a choice). Relies on no earlier scan. After a fault `out` is of no use
/// but for the fields read so far. Allocates only where `out.fields` grows.
///
/// Narrower than the grammar: a host is letters, digits, `-._~` or an [IPv6], with a port of
/// 1–65535 or none; an absolute target with a query needs a path.
Fault parse_request_head(std::string_view head, const WireLimits& limits, RequestHead& out);

}  // namespace weir::http
