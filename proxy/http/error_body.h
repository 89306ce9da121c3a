#pragma once
#include <string>
#include <string_view>

namespace weir::http {

/// "Bad Gateway" for 502; "Unknown" for a status Weir never answers with.
std::string_view reason_phrase(int status) noexcept;

/// Writes a whole response of the proxy's own; replaces `out`. `reason_text`: a sentence
/// for people. `head_method`: the same head, but no body. 503 carries Retry-After.
void write_error_response(int status, std::string_view reason_text, std::string_view request_id,
                          bool close, bool json, bool head_method, std::string& out);

}  // namespace weir::http
