#pragma once
#include "forwarding/forwarding_worker.h"

namespace weir::forwarding {

/// Serves one client until it leaves, breaks a rule or the worker drains. Requests
/// are answered one after the other, in the order they came.
net::Task<> serve_connection(ForwardingWorker& worker, net::Stream socket, EntrancePtr entrance);

}  // namespace weir::forwarding
