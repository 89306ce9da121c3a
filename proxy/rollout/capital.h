#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace weir::rollout {

/// What is left of one coin bet against "the canary is as good as stable", on several bets side
/// by side. Each bet's factors have a mean of at most one where that is true, so that the sum
/// ever reaches 1/α with a probability of at most α, however often it is looked at, as long as
/// all shares invested add up to at most one (Ville's inequality; e-processes, Ramdas et al.,
/// arXiv 2210.01948). Kept as logarithms: nothing overflows.
template <std::size_t bets>
class Capital {
 public:
  /// Spreads `share` of the coin, above 0, over the bets by `parts`, which add up to one.
  void invest(double share, const std::array<double, bets>& parts) noexcept {
    for (std::size_t i = 0; i < bets; ++i) logs_[i] = log_sum(logs_[i], std::log(share * parts[i]));
  }

  /// `log_factors`: what each bet has won, or lost below 0.
  void multiply(const std::array<double, bets>& log_factors) noexcept {
    for (std::size_t i = 0; i < bets; ++i) logs_[i] += log_factors[i];
  }

  /// Logarithm of the sum; minus infinity before the first investment.
  double log_total() const noexcept {
    const double largest = log_largest();
    if (largest == nothing) return nothing;
    double sum = 0;
    for (const auto held : logs_) sum += std::exp(held - largest);
    return largest + std::log(sum);
  }

 private:
  static constexpr double nothing = -std::numeric_limits<double>::infinity();

  double log_largest() const noexcept { return *std::max_element(logs_.begin(), logs_.end()); }

  static double log_sum(double a, double b) noexcept {
    const double larger = std::max(a, b);
    if (larger == nothing) return nothing;
    return larger + std::log1p(std::exp(std::min(a, b) - larger));
  }

  static constexpr std::array<double, bets> all_nothing() noexcept {
    std::array<double, bets> logs{};
    logs.fill(nothing);
    return logs;
  }
  std::array<double, bets> logs_ = all_nothing();
};

}  // namespace weir::rollout
