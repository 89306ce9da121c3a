#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "forwarding/refusal.h"
#include "http/fault.h"
#include "model/instant.h"
#include "net/tls_failure.h"

namespace weir::forwarding {

/// The other side of a TLS handshake.
enum class HandshakePeer : std::uint8_t { client, pool };

/// Which refusals and failed handshakes the logs tell of: of each reason the first in an interval,
/// with how many went untold before it. Whoever is refused a thousand times a second writes no log
/// of it. One for all workers; any thread, without a lock. The metric counts them all.
class RefusalLog {
 public:
  /// How many of that reason went untold since the last one; nothing: nor is this one told.
  std::optional<std::uint64_t> admit(http::Fault fault, Instant now,
                                     Milliseconds interval) noexcept {
    return faults_[static_cast<std::size_t>(fault)].admit(now, interval);
  }
  std::optional<std::uint64_t> admit(Refusal refusal, Instant now, Milliseconds interval) noexcept {
    return refusals_[static_cast<std::size_t>(refusal)].admit(now, interval);
  }
  std::optional<std::uint64_t> admit(HandshakePeer peer, net::TlsFailure failure, Instant now,
                                     Milliseconds interval) noexcept {
    auto& reasons = handshakes_[static_cast<std::size_t>(peer)];
    return reasons[static_cast<std::size_t>(failure)].admit(now, interval);
  }

 private:
  class Reason {
   public:
    std::optional<std::uint64_t> admit(Instant now, Milliseconds interval) noexcept;

   private:
    std::atomic<Instant::rep> next_{Instant::min().time_since_epoch().count()};
    std::atomic<std::uint64_t> untold_{0};
  };
  std::array<Reason, http::fault_count> faults_;
  std::array<Reason, refusal_count> refusals_;
  std::array<std::array<Reason, net::tls_failure_count>, 2> handshakes_;
};

}  // namespace weir::forwarding
