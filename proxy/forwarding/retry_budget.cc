#include "forwarding/retry_budget.h"

#include <algorithm>

namespace weir::forwarding {

RetryBudget::RetryBudget(const weir::RetryBudget& plan, std::uint32_t workers, Instant now) noexcept
    : per_request_(plan.share.basis_points()),
      per_second_(one_retry * plan.per_second / std::max(workers, 1U)),
      tokens_(per_second_),
      most_(std::max(per_second_ * kept_seconds, one_retry)),
      refilled_(now) {}

void RetryBudget::refill(Instant now) noexcept {
  if (now <= refilled_) return;
  const double seconds = std::chrono::duration<double>(now - refilled_).count();
  tokens_ = std::max(tokens_, std::min(tokens_ + seconds * per_second_, most_));
  refilled_ = now;
}

void RetryBudget::request_seen(Instant now) noexcept {
  refill(now);
  // The share saved up is bounded like the rest: a busy minute must not pay for a storm.
  tokens_ = std::min(tokens_ + per_request_, most_ + kept_share * one_retry);
}

bool RetryBudget::withdraw(Instant now) noexcept {
  refill(now);
  if (tokens_ < one_retry) return false;
  tokens_ -= one_retry;
  return true;
}

}  // namespace weir::forwarding
