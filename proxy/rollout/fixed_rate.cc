#include "rollout/fixed_rate.h"

#include <algorithm>
#include <cmath>

namespace weir::rollout {
namespace {

constexpr std::array evenly{1 / 3.0, 1 / 3.0, 1 / 3.0};

}  // namespace

FixedRate::FixedRate(double rate, double coin) noexcept
    : rate_(std::clamp(rate, 1e-6, 0.9)), coin_(coin) {
  const double most = (1 + rate_) / 2;
  const double least = std::min(std::max(2 * rate_, rate_ + 0.01), most);
  const std::array<double, bets> worse{least, std::sqrt(least * most), most};
  for (std::size_t i = 0; i < bets; ++i) {
    of_bad_[i] = std::log(worse[i] / rate_);
    of_good_[i] = std::log1p(-worse[i]) - std::log1p(-rate_);
  }
  capital_.invest(coin_ * StartSchedule::first_share, evenly);
}

void FixedRate::observe(std::uint64_t requests, std::uint64_t bad) noexcept {
  const double begun = starts_.pass(requests);
  if (begun > 0) capital_.invest(coin_ * begun, evenly);
  const auto failed = static_cast<double>(bad);
  const auto good = static_cast<double>(requests) - failed;
  std::array<double, bets> won{};
  for (std::size_t i = 0; i < bets; ++i) won[i] = failed * of_bad_[i] + good * of_good_[i];
  capital_.multiply(won);
}

}  // namespace weir::rollout
