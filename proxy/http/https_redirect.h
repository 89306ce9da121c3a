#pragma once
#include <cstdint>
#include <string>

#include "http/request_head.h"

namespace weir::http {

/// Writes the whole answer to a request that is to come again under https, at the same host
/// and target and at `port`; replaces `out`. 308, so that the method and the body are kept
/// (RFC 9110 §15.4.9). `head.host` must not be empty.
void write_https_redirect(const RequestHead& head, std::uint16_t port, bool close,
                          std::string& out);

}  // namespace weir::http
