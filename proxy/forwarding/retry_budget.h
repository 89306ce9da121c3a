#pragma once
#include <cstdint>

#include "model/instant.h"
#include "model/plan.h"

namespace weir::forwarding {

/// How much may be sent again: a share of the requests and a little each second,
/// so that retries never multiply an outage (Finagle's RetryBudget). One worker's
/// part of one service's budget. Reads no clock.
class RetryBudget {
 public:
  /// `workers`: among how many the per-second part is divided; at least 1.
  RetryBudget(const weir::RetryBudget& plan, std::uint32_t workers, Instant now) noexcept;

  void request_seen(Instant now) noexcept;
  /// Takes one retry out, or refuses.
  bool withdraw(Instant now) noexcept;

 private:
  void refill(Instant now) noexcept;

  static constexpr double kept_seconds = 10;  ///< what is saved up at most
  static constexpr double kept_share = 100;   ///< retries saved up from requests, on top
  static constexpr double one_retry = Weight::whole;
  // All in basis points of one retry, so that a share of requests adds up exactly.
  double per_request_;
  double per_second_;
  double tokens_;
  double most_;
  Instant refilled_;
};

}  // namespace weir::forwarding
