#pragma once
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>

#include "net/stream.h"
#include "net/task.h"

namespace weir::upstream {

/// A response that is small and wanted whole: of a health check, of a hook.
using WholeResponse = boost::beast::http::response_parser<boost::beast::http::string_body>;

/// Receives until the response is whole, its head at most 8 KiB and its body at most 64 KiB.
/// Bounded by the caller's deadline, which closes the stream.
net::Task<net::error_code> receive_whole(net::Stream& stream, WholeResponse& response);

/// Why an exchange failed, for people: "connect: Connection refused", "response too large".
/// `stage`: what was being done.
std::string failure_text(std::string_view stage, const net::error_code& error);

}  // namespace weir::upstream
