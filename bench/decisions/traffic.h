#pragma once
#include <boost/random/mersenne_twister.hpp>
#include <cstdint>

#include "cell.h"
#include "model/instant.h"
#include "outcomes/evidence.h"
#include "outcomes/recent_keys.h"

namespace weir::decisions {

/// Simulated exchanges, from one canary error to the next: between two of them nothing can be
/// decided but by a clock, so that whoever looks after each piece looks as often as after each
/// request. Pieces also end at each 20th canary request: where Weir's bets begin, and each third
/// is a minute of `plain` traffic, when the rules that look at intervals do. What is drawn is
/// exact, not an approximation.
class Traffic {
 public:
  Traffic(const Cell& cell, std::uint64_t seed);

  /// What comes next. Failures of a client who tries again are counted as repeated by
  /// `RecentKeys`, as the control thread does.
  outcomes::Observation next();
  Instant now() const noexcept { return now_; }
  std::uint64_t canary_requests() const noexcept { return canary_requests_; }

 private:
  static constexpr std::uint64_t stride = 20;
  struct Rates {
    double stable, canary;  ///< of errors
    Weight weight;
    double canary_share;     ///< of requests
    double canary_load = 1;  ///< requests a second
  };
  Rates rates();
  Rates clustered(Rates rates);
  std::uint64_t canary_until_error(double rate);
  std::uint64_t poisson(double mean);
  void pass_time(std::uint64_t canary, double load);
  outcomes::EvidenceCounts retried(outcomes::EvidenceCounts failing);

  const Cell cell_;
  boost::random::mt19937_64 random_;  ///< as its distributions, the same everywhere
  outcomes::RecentKeys keys_;
  Instant now_{};
  std::uint64_t canary_requests_ = 0;
  std::uint64_t stride_begun_ = 0;
  std::uint64_t cluster_until_ = 0;
};

}  // namespace weir::decisions
