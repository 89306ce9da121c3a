#pragma once
#include "forwarding/exchange.h"
#include "forwarding/refusal.h"

namespace weir::forwarding {

/// Puts a finished exchange into the access log: failures always, the others at
/// the configured share.
void log_exchange(Exchange& exchange);
/// Puts a request that reached no pool into the access log, where `RefusalLog` admits it.
void log_refusal(ForwardingWorker& worker, ClientConnection& client, Refusal refusal,
                 std::string_view request_id);
void log_refusal(ForwardingWorker& worker, ClientConnection& client, http::Fault fault,
                 std::string_view request_id);
/// Of a request that was sent to https.
void log_redirect(ForwardingWorker& worker, ClientConnection& client);

}  // namespace weir::forwarding
