#pragma once
#include <string_view>

#include "forwarding/forwarding_worker.h"
#include "net/tls_failure.h"

namespace weir::forwarding {

/// Puts a TLS handshake that failed into the text log, where `RefusalLog` admits it: anybody
/// can make them fail. `name`: "client 10.0.0.1", "shop/blue at 10.0.0.2". `words`:
/// OpenSSL's, or empty.
void log_handshake(ForwardingWorker& worker, HandshakePeer peer, std::string_view name,
                   net::TlsFailure failure, std::string_view words);

}  // namespace weir::forwarding
