#pragma once
#include <atomic>
#include <boost/lockfree/policies.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>
#include <vector>

#include "model/instant.h"
#include "model/version.h"
#include "outcomes/sample_request.h"

namespace weir::outcomes {

/// A sample, and what it is one of.
struct FoundSample {
  std::uint64_t epoch = 0;  ///< of the rollout it belongs to
  std::size_t service = 0;  ///< `ServiceRoute::index`
  Version version = Version::blue;
  SampleRequest request;
};

/// A bounded way for samples from one worker to the control thread. A few of each version are
/// wanted in an interval, and no others put together: a storm of errors costs next to nothing.
class SampleQueue {
 public:
  static constexpr std::uint32_t most_wanted = 10;
  static constexpr Milliseconds interval{100};

  /// The worker's thread, before it puts a sample together, which it then pushes.
  bool wants(std::size_t service, Version version, Instant now) {
    if (service >= quotas_.size()) quotas_.resize(service + 1);
    auto& quota = quotas_[service][version];
    if (now >= quota.until) quota = {now + interval, 0};
    return quota.taken++ < most_wanted;
  }
  /// The worker's thread. A sample that finds the way full is lost and counted.
  void push(const FoundSample& sample) noexcept {
    if (!samples_.push(sample)) lost_.fetch_add(1, std::memory_order_relaxed);
  }
  /// The control thread: hands every waiting sample to `consume`.
  template <class Consume>
  void drain(Consume&& consume) {
    samples_.consume_all(consume);
  }
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  struct Quota {
    Instant until{};
    std::uint32_t taken = 0;
  };
  static constexpr std::size_t most = 128;
  std::vector<PerVersion<Quota>> quotas_;  ///< by service
  boost::lockfree::spsc_queue<FoundSample, boost::lockfree::capacity<most>> samples_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace weir::outcomes
