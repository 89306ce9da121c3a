#pragma once
#include <optional>

#include "forwarding/exchange.h"
#include "net/send.h"

namespace weir::forwarding {

/// Sends the request head, with the body where all of it is in the buffer, on an idle
/// connection. Answers `answered` when everything went out, or what went wrong. Nothing where
/// that needs waiting: for a connection, or for the `rest` to be taken.
std::optional<Attempt> reuse_connection(Exchange& exchange, net::Gather& rest);
/// Likewise, waiting: where there is no connection it opens one and sends all.
net::Task<Attempt> send_request(Exchange& exchange, net::Gather rest);

/// Waits for the final response head, passing informational ones on. Answers
/// `answered` with `scratch->response` filled, or what went wrong.
net::Task<Attempt> receive_response_head(Exchange& exchange);

}  // namespace weir::forwarding
