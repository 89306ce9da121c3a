#pragma once
#include <string>

#include "http/field.h"

namespace weir::http {

/// Appends "name: value CRLF" to `section` where the field may travel in a trailer: not
/// where it frames, routes, authenticates, controls caching, describes content or sets
/// cookies (RFC 9110 §6.5.1), since a recipient may merge trailers into the head.
void append_trailer(const Field& field, std::string& section);

}  // namespace weir::http
