#pragma once
#include <cstddef>
#include <vector>

#include "outcomes/evidence.h"
#include "outcomes/sample_request.h"

namespace weir::rollout {

/// What was seen of one version in a rollout, as far as it counts as evidence.
struct Seen {
  static constexpr std::size_t most_samples = 10;

  outcomes::EvidenceCounts counts;
  std::vector<outcomes::SampleRequest> samples;  ///< of what was bad: the last ones, oldest first

  void add(const outcomes::SampleRequest& sample) {
    if (samples.size() == most_samples) samples.erase(samples.begin());
    samples.push_back(sample);
  }
  bool operator==(const Seen&) const = default;
};

struct SeenOfBoth {
  Seen stable, canary;
  bool operator==(const SeenOfBoth&) const = default;
};

}  // namespace weir::rollout
