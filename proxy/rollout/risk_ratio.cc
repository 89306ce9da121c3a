#include "rollout/risk_ratio.h"

#include <cmath>

namespace weir::rollout {
namespace {

const auto log_ratios = [] {
  auto logs = RiskRatio::ratios;
  for (auto& each : logs) each = std::log(each);
  return logs;
}();

}  // namespace

RiskRatio::RiskRatio(double tolerance, double coin) noexcept : tolerance_(tolerance), coin_(coin) {
  capital_.invest(coin_ * StartSchedule::first_share, parts);
}

void RiskRatio::observe(const BadCounts& seen, double canary_share) noexcept {
  const double begun = starts_.pass(seen.canary_requests);
  if (begun > 0) capital_.invest(coin_ * begun, parts);
  const auto canary = static_cast<double>(seen.canary_bad);
  const auto all = static_cast<double>(seen.stable_bad) + canary;
  if (all == 0) return;
  if (canary_share != share_) {
    share_ = canary_share;
    costs_ = costs_at(canary_share);
  }
  PerBet won{};
  for (std::size_t i = 0; i < won.size(); ++i) won[i] = canary * log_ratios[i] - all * costs_[i];
  capital_.multiply(won);
}

void RiskRatio::correct(std::uint64_t errors, double assumed, double actual) noexcept {
  const auto before = costs_at(assumed), after = costs_at(actual);
  PerBet lost{};
  for (std::size_t i = 0; i < lost.size(); ++i) {
    lost[i] = static_cast<double>(errors) * (before[i] - after[i]);
  }
  capital_.multiply(lost);
}

// A canary that is just tolerated fails in ρ0·w of 1 − w + ρ0·w.
RiskRatio::PerBet RiskRatio::costs_at(double canary_share) const noexcept {
  const double odds = tolerance_ * canary_share;
  const double chance = odds / (1 - canary_share + odds);
  PerBet costs{};
  for (std::size_t i = 0; i < costs.size(); ++i) costs[i] = std::log1p((ratios[i] - 1) * chance);
  return costs;
}

}  // namespace weir::rollout
