#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/instant.h"
#include "model/version.h"
#include "outcomes/lossy_queue.h"
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
class SampleQueue : public LossyQueue<FoundSample, 128> {
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

 private:
  struct Quota {
    Instant until{};
    std::uint32_t taken = 0;
  };
  std::vector<PerVersion<Quota>> quotas_;  ///< by service
};

}  // namespace weir::outcomes
