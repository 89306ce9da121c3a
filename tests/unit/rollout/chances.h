#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

namespace weir::rollout {

/// Probabilities of 0, 1, 2 …; what does not happen is 0.
using Chances = std::vector<double>;

inline double log_choose(std::uint64_t n, std::uint64_t k) {
  const auto ln_factorial = [](std::uint64_t x) { return std::lgamma(static_cast<double>(x) + 1); };
  return ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
}

inline Chances binomial(std::uint64_t draws, double chance) {
  Chances chances;
  for (std::uint64_t k = 0; k <= draws; ++k) {
    chances.push_back(std::exp(log_choose(draws, k)) * std::pow(chance, static_cast<double>(k)) *
                      std::pow(1 - chance, static_cast<double>(draws - k)));
  }
  return chances;
}

/// How many of `draws` are marked, out of an urn, without putting back. No more than either.
inline Chances hypergeometric(std::uint64_t plain, std::uint64_t marked, std::uint64_t draws) {
  Chances chances;
  for (std::uint64_t k = 0; k <= draws; ++k) {
    chances.push_back(std::exp(log_choose(marked, k) + log_choose(plain, draws - k) -
                               log_choose(plain + marked, draws)));
  }
  return chances;
}

template <class Value>
double expectation(const Chances& chances, Value value) {
  double sum = 0;
  for (std::size_t k = 0; k < chances.size(); ++k) sum += chances[k] * value(k);
  return sum;
}

}  // namespace weir::rollout
