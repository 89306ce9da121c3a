#include <algorithm>
#include <cmath>
#include <vector>

#include "rule.h"

namespace weir::decisions {
namespace {

using outcomes::EvidenceCounts;
using outcomes::Observation;

using Series = std::vector<double>;

/// All differences between a value of one series and one of the other.
Series differences(const Series& experiment, const Series& control) {
  Series all;
  all.reserve(experiment.size() * control.size());
  for (const auto of_experiment : experiment) {
    for (const auto of_control : control) all.push_back(of_experiment - of_control);
  }
  return all;
}

double ranked(Series& values, double rank) {
  const auto last = static_cast<double>(values.size() - 1);
  const auto place = static_cast<std::ptrdiff_t>(std::clamp(rank, 0.0, last));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

double deviation_of_u(const Series& experiment, const Series& control) {
  const auto m = static_cast<double>(experiment.size()), n = static_cast<double>(control.size());
  Series all = experiment;
  all.insert(all.end(), control.begin(), control.end());
  std::sort(all.begin(), all.end());
  double ties = 0;
  for (auto from = all.begin(); from != all.end();) {
    const auto to = std::upper_bound(from, all.end(), *from);
    const auto equal = static_cast<double>(to - from);
    ties += equal * equal * equal - equal;
    from = to;
  }
  return std::sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
}

/// Kayenta's judge (NetflixACAJudge, MannWhitneyClassifier): one point a minute for each
/// version; canary is High where the lower end of the 98 % confidence interval of the shift is
/// above a quarter of the Hodges-Lehmann estimate. The interval is that of ranks, by the normal
/// approximation with ties. Judged at 50 points, as its manual recommends, and each 50 more.
class MannWhitney final : public Rule {
 public:
  bool rolls_back(const Observation& piece, Instant now) override {
    stable_ += piece.stable;
    canary_ += piece.canary;
    if (now + rounding < ends_) return false;
    ends_ = now + minute;
    control_.push_back(share(stable_));
    experiment_.push_back(share(canary_));
    stable_ = canary_ = {};
    return experiment_.size() % points == 0 && is_high();
  }

 private:
  static constexpr std::size_t points = 50;
  static constexpr Milliseconds minute{60'000}, rounding{1};

  static double share(const EvidenceCounts& counts) {
    if (counts.requests == 0) return 0;
    return static_cast<double>(counts.errors) / static_cast<double>(counts.requests);
  }

  bool is_high() const {
    constexpr double quantile_98 = 2.326, tolerance = 0.25;
    auto shifts = differences(experiment_, control_);
    const auto middle = static_cast<double>(shifts.size()) / 2;
    const double spread = quantile_98 * deviation_of_u(experiment_, control_);
    const double estimate = ranked(shifts, middle);
    const double lower = ranked(shifts, std::floor(middle - spread));
    return lower > tolerance * std::abs(estimate);
  }

  Series control_, experiment_;
  EvidenceCounts stable_, canary_;
  Instant ends_ = Instant{} + minute;
};

}  // namespace

std::unique_ptr<Rule> kayenta() { return std::make_unique<MannWhitney>(); }

}  // namespace weir::decisions
