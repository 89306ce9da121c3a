#include "forwarding/handshake_log.h"

#include <spdlog/spdlog.h>

namespace weir::forwarding {

void HandshakeLog::failed(std::string_view peer, net::TlsFailure failure, std::string_view text,
                          Instant now) {
  constexpr Milliseconds pause{1'000};
  if (now < next_) {
    ++unsaid_;
    return;
  }
  next_ = now + pause;
  spdlog::info("TLS handshake with {} failed: {}{}{} ({} more since the last line)", peer,
               net::name_of(failure), text.empty() ? "" : ", ", text, unsaid_);
  unsaid_ = 0;
}

}  // namespace weir::forwarding
