#include "rollout/start_schedule.h"

#include <algorithm>

namespace weir::rollout {
namespace {

constexpr std::uint64_t evenly = 1'000;  // starts until the shares begin to fall

// Beyond: the sum of 1/(j·(j+1)) over j > n is 1/(n+1).
double share_of(std::uint64_t start) noexcept {
  constexpr double early = 0.4, late = 0.1;
  if (start <= evenly) return early / static_cast<double>(evenly - 1);
  const auto j = static_cast<double>(start);
  return late * static_cast<double>(evenly + 1) / (j * (j + 1));
}

}  // namespace

double StartSchedule::pass(std::uint64_t requests) noexcept {
  requests_ += requests;
  double share = 0;
  while (requests_ >= next_) {
    share += share_of(++begun_);
    next_ += std::max(shortest, next_ / 1'000);
  }
  return share;
}

}  // namespace weir::rollout
