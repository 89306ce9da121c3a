#pragma once
#include <atomic>
#include <boost/lockfree/policies.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>
#include <cstdint>

namespace weir::outcomes {

/// A bounded way from one thread to another: what finds it full is lost and counted.
template <class Thing, std::size_t most>
class LossyQueue {
 public:
  /// The one thread.
  void push(const Thing& thing) noexcept {
    if (!things_.push(thing)) lost_.fetch_add(1, std::memory_order_relaxed);
  }
  /// The other: hands everything that waits to `consume`.
  template <class Consume>
  void drain(Consume&& consume) {
    things_.consume_all(consume);
  }
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  boost::lockfree::spsc_queue<Thing, boost::lockfree::capacity<most>> things_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace weir::outcomes
