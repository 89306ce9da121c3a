#pragma once
#include <atomic>
#include <boost/lockfree/policies.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>

#include "model/version.h"

namespace weir::outcomes {

/// An exchange that speaks against its version, and of whom it was.
struct Failure {
  std::uint64_t key = 0;    ///< hash of the client's key
  std::uint64_t epoch = 0;  ///< of the rollout it counts for
  std::size_t service = 0;  ///< `ServiceRoute::index`
  Version version = Version::blue;
  bool error = false;
  bool slow = false;
};

/// A bounded way for failures from one worker to the control thread. Beyond it they are lost to
/// whoever looks for repeated keys, and counted; the tally has them all the same.
class FailureQueue {
 public:
  /// The worker's thread, before the exchange is tallied: whoever reads the tallies and then
  /// drains has every failure that was tallied.
  void push(const Failure& failure) noexcept {
    if (!failures_.push(failure)) lost_.fetch_add(1, std::memory_order_relaxed);
  }
  /// The control thread: hands every waiting failure to `consume`.
  template <class Consume>
  void drain(Consume&& consume) {
    failures_.consume_all(consume);
  }
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t most = 2'048;  ///< 100,000 a second at a drain each 20 ms
  boost::lockfree::spsc_queue<Failure, boost::lockfree::capacity<most>> failures_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace weir::outcomes
