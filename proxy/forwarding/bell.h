#pragma once
#include <atomic>

namespace weir::forwarding {

/// Wakes the one thread that waits at it. To ring again what has not been heard yet costs one
/// load. Any thread.
class Bell {
 public:
  void ring() noexcept {
    if (rung_.load(std::memory_order_acquire) || rung_.exchange(true)) return;
    rung_.notify_one();
  }
  /// Until it is rung, or was since the last time.
  void wait() noexcept {
    rung_.wait(false);
    rung_.store(false);
  }

 private:
  std::atomic<bool> rung_{false};
};

}  // namespace weir::forwarding
