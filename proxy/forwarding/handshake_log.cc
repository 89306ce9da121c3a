#include "forwarding/handshake_log.h"

#include <spdlog/spdlog.h>

namespace weir::forwarding {

void HandshakeLog::failed(std::string_view peer, net::TlsFailure failure, std::string_view text,
                          Milliseconds interval, Instant now) {
  auto& [next, unsaid] = reasons_[static_cast<std::size_t>(failure)];
  if (now < next) {
    ++unsaid;
    return;
  }
  next = now + interval;
  spdlog::info("TLS handshake with {} failed: {}{}{} ({} more since the last line)", peer,
               net::name_of(failure), text.empty() ? "" : ", ", text, unsaid);
  unsaid = 0;
}

}  // namespace weir::forwarding
