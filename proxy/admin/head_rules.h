#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "admin/message.h"

namespace weir::admin {

/// What a head must be like before a body is read off the same connection: one valid
/// Host (RFC 9112 §3.2), at most one Content-Length, no transfer coding but one plain
/// `chunked`, never both. The parser below is more lenient. A problem closes the
/// connection. `host_needed`: false takes any Host, or none: some probes send none.
std::optional<Problem> head_problem(const RequestHead& head, bool host_needed = true);

/// The epoch of `If-Match: "7"` (RFC 9110 §13.1.1); none where the field is absent or
/// `*`. Lists and weak tags are refused with 400: an action has one precondition.
std::variant<std::optional<std::uint64_t>, Problem> read_if_match(const RequestHead& head);

/// `Idempotency-Key`: 1–255 visible ASCII characters, or none.
std::variant<std::optional<std::string>, Problem> read_idempotency_key(const RequestHead& head);

}  // namespace weir::admin
