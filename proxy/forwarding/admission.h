#pragma once
#include "forwarding/client_connection.h"
#include "forwarding/forwarding_worker.h"

namespace weir::forwarding {

/// What comes before a connection's first request, as its entrance asks: the PROXY header,
/// which says who the peer is, then TLS, which may say who the client is. False: it was
/// refused, counted, and has been told what there is to tell.
net::Task<bool> admit(ForwardingWorker& worker, ClientConnection& client);

}  // namespace weir::forwarding
