#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "model/instant.h"
#include "net/tls_failure.h"

namespace weir::forwarding {

/// Tells of TLS handshakes that failed, of each reason one line in an interval: anybody can
/// make them fail. One worker's. The metric counts them all.
class HandshakeLog {
 public:
  /// `peer`: "client 10.0.0.1", "shop/blue at 10.0.0.2". `text`: OpenSSL's words, or empty.
  void failed(std::string_view peer, net::TlsFailure failure, std::string_view text,
              Milliseconds interval, Instant now);

 private:
  struct Reason {
    Instant next = Instant::min();
    std::uint64_t unsaid = 0;
  };
  std::array<Reason, net::tls_failure_count> reasons_;
};

}  // namespace weir::forwarding
