#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>

#include "model/instant.h"
#include "net/task.h"

namespace weir::forwarding {

/// The requests one worker has in flight to one pool, and those that wait for room there,
/// first come, first served. The worker's thread only.
class PoolLoad {
 public:
  PoolLoad() = default;
  PoolLoad(const PoolLoad&) = delete;
  PoolLoad& operator=(const PoolLoad&) = delete;

  /// Takes a place where less than `most` are in flight. `leave` gives it back.
  bool enter(std::uint32_t most) noexcept;
  /// Waits for a place at most for `patience`, behind at most `longest` others. False: none.
  net::Task<bool> wait(net::Executor executor, std::size_t longest, Milliseconds patience);
  /// Gives a place back, or on to who has waited longest.
  void leave() noexcept;

  std::uint32_t in_flight() const noexcept { return in_flight_; }
  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  struct Waiter {
    net::Timer timer;
    bool granted = false;
  };

  std::uint32_t in_flight_ = 0;
  std::deque<Waiter*> waiting_;  ///< each in the frame of its `wait`
};

}  // namespace weir::forwarding
