#include "traffic.h"

#include <algorithm>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/geometric_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <cmath>
#include <numbers>

namespace weir::decisions {
namespace {

using outcomes::EvidenceCounts;
using outcomes::Observation;

constexpr std::uint64_t tries = 10;
constexpr Milliseconds window{30'000};

Weight weight_of(double share) {
  return *Weight::from_basis_points(static_cast<std::uint32_t>(std::lround(share * Weight::whole)));
}

double ramp_weight(std::uint64_t canary_requests) {
  if (canary_requests < 600) return 0.05;
  if (canary_requests < 3'600) return 0.25;
  if (canary_requests < 9'000) return 0.50;
  return canary_requests < 12'000 ? 0.90 : 1;
}

}  // namespace

Traffic::Traffic(const Cell& cell, std::uint64_t seed)
    : cell_(cell), random_(seed), keys_(window) {}

Observation Traffic::next() {
  const auto now = rates();
  const auto to_stride = stride - canary_requests_ % stride;
  const auto to_onset = canary_requests_ < cell_.onset ? cell_.onset - canary_requests_ : to_stride;
  const auto most = std::min(to_stride, to_onset);
  const auto gap = canary_until_error(now.canary);
  EvidenceCounts canary{std::min(gap, most), gap <= most ? 1U : 0U, 0};
  // So many of stable's come before that many of canary's: negative binomial, as a mixture.
  EvidenceCounts stable;
  if (now.canary_share < 1) {
    boost::random::gamma_distribution<> arrivals(static_cast<double>(canary.requests),
                                                 (1 - now.canary_share) / now.canary_share);
    const double mean = arrivals(random_);
    stable.errors = poisson(mean * now.stable);
    stable.requests = stable.errors + poisson(mean * (1 - now.stable));
  }
  canary_requests_ += canary.requests;
  pass_time(canary.requests, now.canary_load);
  if (cell_.shape == Shape::bursts) return {retried(stable), retried(canary), now.weight};
  return {stable, canary, now.weight};
}

Traffic::Rates Traffic::rates() {
  const bool broken = canary_requests_ >= cell_.onset;
  Rates now{cell_.stable_rate, cell_.stable_rate * (broken ? cell_.ratio : 1),
            weight_of(cell_.weight), cell_.weight};
  switch (cell_.shape) {
    case Shape::plain:
      break;
    case Shape::diurnal: {
      constexpr double day_seconds = 7'200, swing = 0.8;
      const double seconds = std::chrono::duration<double>(now_.time_since_epoch()).count();
      const double load = 1 + swing * std::sin(2 * std::numbers::pi * seconds / day_seconds);
      now.canary_load = load;
      now.stable = std::min(now.stable * load, 1.0);
      now.canary = std::min(now.canary * load, 1.0);
      break;
    }
    case Shape::clustered:
      return clustered(now);
    case Shape::outage:
      if (canary_requests_ >= 3'000 && canary_requests_ < 4'000) {
        now.stable = now.canary = std::max(0.2, 3 * cell_.stable_rate);
      }
      break;
    case Shape::bursts:  // as many failures in all
      now.stable /= static_cast<double>(tries);
      now.canary /= static_cast<double>(tries);
      break;
    case Shape::heavy_clients:
      now.canary_share = 1.5 * cell_.weight;
      break;
    case Shape::ramp:
      now.canary_share = ramp_weight(canary_requests_);
      now.weight = weight_of(now.canary_share);
      break;
  }
  return now;
}

Traffic::Rates Traffic::clustered(Rates now) {
  constexpr double chance = 0.01, denser = 10;
  constexpr std::uint64_t length = 9 * stride;
  const auto this_stride = canary_requests_ / stride;
  if (this_stride != stride_begun_) {
    stride_begun_ = this_stride;
    if (boost::random::bernoulli_distribution<>(chance)(random_))
      cluster_until_ = canary_requests_ + length;
  }
  if (canary_requests_ >= cluster_until_) return now;
  now.stable = std::min(now.stable * denser, 0.9);
  now.canary = std::min(now.canary * denser, 0.9);
  return now;
}

std::uint64_t Traffic::canary_until_error(double rate) {
  return 1 +
         boost::random::geometric_distribution<std::uint64_t>(std::min(rate, 1 - 1e-12))(random_);
}

std::uint64_t Traffic::poisson(double mean) {
  if (mean <= 0) return 0;
  return boost::random::poisson_distribution<std::uint64_t>(mean)(random_);
}

void Traffic::pass_time(std::uint64_t canary, double load) {
  const std::chrono::duration<double> passed(static_cast<double>(canary) / load);
  now_ += std::chrono::duration_cast<Instant::duration>(passed);
}

// Nobody else's requests make room for the retries: there are more of them.
EvidenceCounts Traffic::retried(EvidenceCounts failing) {
  EvidenceCounts counts{failing.requests, 0, 0};
  for (std::uint64_t client = 0; client < failing.errors; ++client) {
    const auto key = random_();
    for (std::uint64_t i = 0; i < tries; ++i) {
      if (keys_.repeats(key, now_)) ++counts.repeated_errors;
    }
  }
  counts.errors = failing.errors * tries;
  counts.requests += failing.errors * (tries - 1);
  return counts;
}

}  // namespace weir::decisions
