#pragma once
#include "forwarding/client_connection.h"
#include "forwarding/forwarding_worker.h"

namespace weir::forwarding {

/// Takes the request in `client.intake->head` to a pool and its answer back: match, split,
/// attempts, relay, tally. True where the client may send another request.
net::Task<bool> forward_request(ForwardingWorker& worker, ClientConnection& client);

}  // namespace weir::forwarding
