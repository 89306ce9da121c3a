#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace weir::rollout {

/// What is left of one coin bet against "the canary is as good as stable", on several bets side
/// by side. Each bet's factors have a mean of at most one where that is true, so that the sum
/// ever reaches 1/α with a probability of at most α, however often it is looked at, as long as
/// all shares invested add up to at most one (Ville's inequality; e-processes, Ramdas et al.,
/// arXiv 2210.01948). Kept with an exponent beside it: nothing overflows, and what underflows
/// is lost money.
template <std::size_t bets>
class Capital {
 public:
  /// Spreads `share` of the coin, above 0, over the bets by `parts`, which add up to one.
  void invest(double share, const std::array<double, bets>& parts) noexcept {
    const double scaled = scale_ > 0 ? share * std::exp(-scale_) : share;
    for (std::size_t i = 0; i < bets; ++i) held_[i] += scaled * parts[i];
  }

  /// `log_factors`: what each bet has won, or lost below 0.
  void multiply(const std::array<double, bets>& log_factors) noexcept {
    const double most = *std::max_element(log_factors.begin(), log_factors.end());
    const double shift = most > ordinary ? most : 0;
    for (std::size_t i = 0; i < bets; ++i) held_[i] *= std::exp(log_factors[i] - shift);
    scale_ += shift;
    const double largest = *std::max_element(held_.begin(), held_.end());
    if (largest > huge || (scale_ > 0 && largest < 1)) rescale(largest);
  }

  /// Logarithm of the sum; of nothing, a very low number.
  double log_total() const noexcept {
    const double sum = std::accumulate(held_.begin(), held_.end(), 0.0);
    return std::log(std::max(sum, std::numeric_limits<double>::min())) + scale_;
  }

 private:
  static constexpr double ordinary = 100, huge = 1e100;

  /// The largest becomes one, but the scale never negative: new capital must fit in.
  void rescale(double largest) noexcept {
    const double by = largest > 0 ? std::max(std::log(largest), -scale_) : -scale_;
    for (auto& held : held_) held *= std::exp(-by);
    scale_ += by;
  }

  std::array<double, bets> held_{};  ///< times e^scale_
  double scale_ = 0;
};

}  // namespace weir::rollout
