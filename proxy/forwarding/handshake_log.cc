#include "forwarding/handshake_log.h"

#include <spdlog/spdlog.h>

namespace weir::forwarding {

void log_handshake(ForwardingWorker& worker, HandshakePeer peer, std::string_view name,
                   net::TlsFailure failure, std::string_view words) {
  const auto untold =
      worker.refusal_log().admit(peer, failure, worker.now(), worker.plan().log.refusal_interval);
  if (!untold) return;
  spdlog::info("TLS handshake with {} failed: {}{}{} ({} more since the last line)", name,
               net::name_of(failure), words.empty() ? "" : ", ", words, *untold);
}

}  // namespace weir::forwarding
