#include "forwarding/pool_load.h"

#include <algorithm>

namespace weir::forwarding {

bool PoolLoad::enter(std::uint32_t most) noexcept {
  if (in_flight_ >= most) return false;
  ++in_flight_;
  return true;
}

net::Task<bool> PoolLoad::wait(net::Executor executor, std::size_t longest, Milliseconds patience) {
  if (waiting_.size() >= longest) co_return false;
  Waiter waiter{net::Timer(executor, patience)};
  waiting_.push_back(&waiter);
  co_await waiter.timer.async_wait(net::as_result);
  if (!waiter.granted) std::erase(waiting_, &waiter);
  co_return waiter.granted;
}

void PoolLoad::leave() noexcept {
  if (waiting_.empty()) {
    --in_flight_;
    return;
  }
  auto& next = *waiting_.front();
  waiting_.pop_front();
  next.granted = true;
  next.timer.cancel();
}

}  // namespace weir::forwarding
