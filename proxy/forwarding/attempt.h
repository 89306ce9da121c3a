#pragma once
#include "forwarding/exchange.h"

namespace weir::forwarding {

/// Tries one endpoint: takes or opens a connection and sends the request head, with
/// the body where all of it is in the buffer. `fresh`: never a reused connection.
/// Answers `answered` when everything went out, or what went wrong.
net::Task<Attempt> send_request(Exchange& exchange, bool fresh);

/// Waits for the final response head, passing informational ones on. Answers
/// `answered` with `scratch->response` filled, or what went wrong.
net::Task<Attempt> receive_response_head(Exchange& exchange);

}  // namespace weir::forwarding
