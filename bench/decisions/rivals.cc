#include <algorithm>
#include <cmath>
#include <cstdint>

#include "rule.h"

namespace weir::decisions {
namespace {

using outcomes::EvidenceCounts;
using outcomes::Observation;

double bad_share(const EvidenceCounts& counts) noexcept {
  if (counts.requests == 0) return 0;
  return static_cast<double>(counts.errors) / static_cast<double>(counts.requests);
}

/// Looks at what came in since it looked last, whenever `interval` has passed.
class Interval {
 public:
  explicit Interval(Milliseconds length) : length_(length), ends_(Instant{} + length) {}

  /// True: the interval is over, and `seen()` is all of it.
  bool add(const Observation& piece, Instant now) {
    if (over_) seen_ = {};
    seen_.stable += piece.stable;
    seen_.canary += piece.canary;
    over_ = now + rounding >= ends_;
    if (over_) ends_ = now + length_;
    return over_;
  }
  const Observation& seen() const noexcept { return seen_; }

 private:
  static constexpr Milliseconds rounding{1};  ///< of simulated times
  Milliseconds length_;
  Instant ends_;
  Observation seen_;
  bool over_ = false;
};

/// Checks canary's success rate at intervals and counts the checks that fail, over the whole
/// rollout.
class FailedChecks final : public Rule {
 public:
  struct Settings {
    Milliseconds interval;
    double most_errors;      ///< a share above fails the check
    std::uint32_t failures;  ///< so many checks that failed roll back
  };
  explicit FailedChecks(Settings settings) : settings_(settings), interval_(settings.interval) {}

  bool rolls_back(const Observation& piece, Instant now) override {
    if (!interval_.add(piece, now)) return false;
    if (bad_share(interval_.seen().canary) > settings_.most_errors) ++failed_;
    return failed_ >= settings_.failures;
  }

 private:
  Settings settings_;
  Interval interval_;
  std::uint32_t failed_ = 0;
};

/// A one-sided test of two proportions that is made for one look, looked at all the time.
class PeekedZ final : public Rule {
 public:
  explicit PeekedZ(double critical) : critical_(critical) {}

  bool rolls_back(const Observation& piece, Instant) override {
    stable_ += piece.stable;
    canary_ += piece.canary;
    if (piece.canary.errors == 0 || canary_.errors < least_errors) return false;
    return z() > critical_;
  }

 private:
  static constexpr std::uint64_t least_errors = 5;  ///< the normal approximation wants them

  double z() const noexcept {
    const auto s = static_cast<double>(stable_.requests), c = static_cast<double>(canary_.requests);
    if (s == 0) return 0;
    const double pooled = static_cast<double>(stable_.errors + canary_.errors) / (s + c);
    const double deviation = std::sqrt(pooled * (1 - pooled) * (1 / s + 1 / c));
    return deviation == 0 ? 0 : (bad_share(canary_) - bad_share(stable_)) / deviation;
  }

  double critical_;
  EvidenceCounts stable_, canary_;
};

}  // namespace

// docs/features/analysis.md of Argo Rollouts: interval 5m, success rate at least 0.95,
// failureLimit 3: the fourth failure fails the analysis.
std::unique_ptr<Rule> argo_rollouts() {
  using Settings = FailedChecks::Settings;
  return std::make_unique<FailedChecks>(Settings{Milliseconds(300'000), 0.05, 4});
}

// docs/usage/metrics.md of Flagger: interval 1m, threshold 5, request-success-rate at least 99.
std::unique_ptr<Rule> flagger() {
  using Settings = FailedChecks::Settings;
  return std::make_unique<FailedChecks>(Settings{Milliseconds(60'000), 0.01, 5});
}

// The rule of shared/reference/rollout-control.md §4: more than 5 % in 60 requests, five times.
std::unique_ptr<Rule> five_checks() {
  using Settings = FailedChecks::Settings;
  return std::make_unique<FailedChecks>(Settings{Milliseconds(60'000), 0.05, 5});
}

std::unique_ptr<Rule> peeked_z(double critical) { return std::make_unique<PeekedZ>(critical); }

}  // namespace weir::decisions
