#pragma once
#include <optional>
#include <string_view>

#include "http/request_head.h"

namespace weir::http {

/// The first cookie of that name over all Cookie fields (RFC 6265 §4.2.1, any spacing
/// between pairs). Names are case-sensitive; quotes around a value are no part of it.
std::optional<std::string_view> cookie_value(const RequestHead& head,
                                             std::string_view name) noexcept;

}  // namespace weir::http
