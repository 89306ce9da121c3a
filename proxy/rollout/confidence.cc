#include "rollout/confidence.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>

namespace weir::rollout {
namespace {

// The bound is the quantile 1 − β of it: the rates that `bad` of `requests` speak for.
boost::math::beta_distribution<> rates_behind(std::uint64_t bad, std::uint64_t requests) {
  return {static_cast<double>(bad) + 1, static_cast<double>(requests - bad)};
}

}  // namespace

bool is_at_most(std::uint64_t bad, std::uint64_t requests, double limit, double beta) {
  if (limit >= 1) return requests > 0;
  if (bad >= requests || limit <= 0) return false;
  return boost::math::cdf(boost::math::complement(rates_behind(bad, requests), limit)) <= beta;
}

double upper_bound(std::uint64_t bad, std::uint64_t requests, double beta) {
  if (bad >= requests) return 1;
  return boost::math::quantile(boost::math::complement(rates_behind(bad, requests), beta));
}

}  // namespace weir::rollout
