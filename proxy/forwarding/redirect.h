#pragma once
#include "forwarding/client_connection.h"
#include "forwarding/forwarding_worker.h"

namespace weir::forwarding {

/// Sends the request in `client.intake->head` to https: 308, the same host and target, at the port
/// its entrance names. True where the client may send another request.
net::Task<bool> redirect(ForwardingWorker& worker, ClientConnection& client);

}  // namespace weir::forwarding
