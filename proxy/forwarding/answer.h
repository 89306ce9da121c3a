#pragma once
#include "forwarding/exchange.h"
#include "forwarding/relay_body.h"
#include "outcomes/outcome.h"

namespace weir::forwarding {

/// Sends the response in `scratch` on: its head rewritten, its body streamed. Sets
/// `keep_client`, `keep_connection` and `response_started`, which stays false where the
/// answer's body breaks the rules before anything was sent.
net::Task<outcomes::Ending> relay_response(Exchange& exchange);

/// Sends the pool's 101 on. False: the client is gone.
net::Task<bool> relay_switch(Exchange& exchange);
/// Sends a whole answer of Weir's own. `limit`: without a byte taken by the client.
net::Task<> send_all(ClientConnection& client, std::string_view bytes, Milliseconds limit);

/// Whether the client may send another request after an answer that did not wait for its
/// body: only where all of that has been read.
bool keeps_client(const ForwardingWorker& worker, ClientConnection& client) noexcept;

/// Answers a request that breaks a rule, in one write, counts it and tells the log. The
/// connection closes after it. Without `request_id`: the client's own, or one is made up.
net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, http::Fault fault);
net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, http::Fault fault,
                   std::string_view request_id);

/// Answers a request that Weir cannot forward, likewise. Clears `keep_client` where the
/// request's body is still to come, or bytes that were meant for a tunnel are there; never
/// sets it.
net::Task<> refuse(ForwardingWorker& worker, ClientConnection& client, Refusal refusal,
                   bool& keep_client);
/// Of an exchange, which tells the log itself when it ends.
net::Task<> refuse(Exchange& exchange, Refusal refusal);

/// Closes without a reset: what the client still sends is read for a moment, so
/// that the answer reaches it (RFC 9112 §9.6).
net::Task<> close_gently(ClientConnection& client);

}  // namespace weir::forwarding
