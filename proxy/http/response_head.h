#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "http/fault.h"
#include "http/field.h"
#include "http/request_head.h"
#include "model/wire_limits.h"

namespace weir::http {

/// One response's head, final or interim. All views point into the bytes it was parsed from.
struct ResponseHead {
  int status = 0;             ///< 100–599
  std::string_view reason;    ///< may be empty
  std::string_view upgrade;   ///< of a 101 that says so twice: the protocol switched to
  int minor = 1;              ///< HTTP/1.0 or 1.1
  std::vector<Field> fields;  ///< all, in order
  Body body = Body::none;
  std::uint64_t content_length = 0;  ///< where body is `length`
  bool keep_alive = true;            ///< the connection may serve another request afterwards

  /// 1xx but 101: another head follows on the connection.
  bool interim() const noexcept { return status < 200 && status != 101; }
  /// Forgets everything but the vector's capacity.
  void clear() noexcept;
};

/// As strict as `parse_request_head`. No body after HEAD, 1xx, 204 and 304, whatever
/// Content-Length says (it stays a field; an interim one above 0 is refused, a 204's
/// ends `keep_alive`); Transfer-Encoding on 1xx and 204 is refused (RFC 9112 §6.1, §6.3).
/// A status line may lack the space before an empty reason, which frames nothing.
Fault parse_response_head(std::string_view head, const WireLimits& limits, Method request_method,
                          ResponseHead& out);

}  // namespace weir::http
