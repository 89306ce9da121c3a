#pragma once
#include <cstddef>
#include <cstdint>

#include "model/version.h"
#include "outcomes/lossy_queue.h"

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

/// The way of failures from one worker to the control thread. Beyond it they are lost to whoever
/// looks for repeated keys; the tally has them all the same. The worker pushes before it tallies
/// the exchange: whoever reads the tallies and then drains has every failure that was tallied.
/// Its bound is 100,000 a second at a drain each 20 ms.
using FailureQueue = LossyQueue<Failure, 2'048>;

}  // namespace weir::outcomes
