#include "outcomes/evidence.h"

#include <algorithm>

namespace weir::outcomes {
namespace {

constexpr std::int64_t slice_count = 20;

std::uint64_t difference(std::uint64_t more, std::uint64_t less) noexcept {
  return more > less ? more - less : 0;
}

}  // namespace

EvidenceCounts& EvidenceCounts::operator+=(const EvidenceCounts& more) noexcept {
  requests += more.requests;
  errors += more.errors;
  slow += more.slow;
  repeated_errors += more.repeated_errors;
  repeated_slow += more.repeated_slow;
  return *this;
}

EvidenceCounts EvidenceCounts::operator-(const EvidenceCounts& less) const noexcept {
  return {difference(requests, less.requests), difference(errors, less.errors),
          difference(slow, less.slow), difference(repeated_errors, less.repeated_errors),
          difference(repeated_slow, less.repeated_slow)};
}

EvidenceWindow::EvidenceWindow(Milliseconds span)
    : slice_(std::chrono::nanoseconds(span) / slice_count), slices_(slice_count) {}

void EvidenceWindow::add(const Observation& observation, Instant now) {
  latest_ = slice_index(now);
  weight_ = observation.weight;
  auto& slice = slices_[static_cast<std::size_t>(latest_ % slice_count)];
  if (slice.index != latest_) slice = {latest_, {}, {}};
  slice.stable += observation.stable;
  slice.canary += observation.canary;
}

Observation EvidenceWindow::sum(Instant now) const {
  const auto oldest = slice_index(now) - slice_count + 1;
  Observation total{{}, {}, weight_};
  for (const auto& slice : slices_) {
    if (slice.index < oldest) continue;
    total.stable += slice.stable;
    total.canary += slice.canary;
  }
  return total;
}

void EvidenceWindow::clear() {
  std::fill(slices_.begin(), slices_.end(), Slice{});
  weight_ = Weight::none();
}

std::int64_t EvidenceWindow::slice_index(Instant now) const {
  return std::max<std::int64_t>(latest_, now.time_since_epoch() / slice_);
}

}  // namespace weir::outcomes
