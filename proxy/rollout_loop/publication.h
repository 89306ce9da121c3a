#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "model/version.h"
#include "outcomes/failure_queue.h"
#include "outcomes/mirror_tally.h"
#include "outcomes/sample_queue.h"
#include "outcomes/tally.h"
#include "routing/snapshot.h"

namespace weir::rollout_loop {

/// What the loop needs of the workers: one way to hand them a snapshot, one way to
/// read their counters. Control thread only.
class Publication {
 public:
  virtual ~Publication() = default;

  /// Posts the snapshot to every worker and returns; each uses it from its next
  /// request on.
  virtual void publish(std::shared_ptr<const routing::RoutingSnapshot> snapshot) = 0;
  /// Returns once every worker has taken up the last snapshot published.
  virtual boost::asio::awaitable<void> settled() = 0;
  /// Sums over all workers. `index`: `ServiceRoute::index`.
  virtual PerVersion<outcomes::Counts> counts(std::size_t index) const = 0;
  virtual outcomes::LatencySpread latencies(std::size_t index, Version version) const = 0;
  virtual PerVersion<std::uint64_t> active(std::size_t index) const = 0;
  /// Likewise, of the copies each version was sent.
  virtual PerVersion<outcomes::MirrorCounts> mirrored(std::size_t index) const = 0;
  /// Hands over what the workers saw fail since the last time: all that is in `counts` read
  /// before, but for what found the way full.
  using TakeFailure = std::function<void(const outcomes::Failure&)>;
  virtual void drain_failures(const TakeFailure& take) = 0;
  /// Likewise some of those, to be shown.
  using TakeSample = std::function<void(const outcomes::FoundSample&)>;
  virtual void drain_samples(const TakeSample& take) = 0;
};

}  // namespace weir::rollout_loop
