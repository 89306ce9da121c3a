#include "forwarding/refusal_log.h"

namespace weir::forwarding {

std::optional<std::uint64_t> RefusalLog::Reason::admit(Instant now,
                                                       Milliseconds interval) noexcept {
  if (interval <= Milliseconds(0)) return 0;
  const auto at = now.time_since_epoch().count();
  auto next = next_.load(std::memory_order_relaxed);
  const auto after = (now + interval).time_since_epoch().count();
  // Of two workers at once, one tells.
  if (at >= next && next_.compare_exchange_strong(next, after, std::memory_order_relaxed)) {
    return untold_.exchange(0, std::memory_order_relaxed);
  }
  untold_.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

}  // namespace weir::forwarding
