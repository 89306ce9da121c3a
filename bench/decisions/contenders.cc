#include "model/rollout_policy.h"
#include "rollout/sequential_test.h"
#include "rule.h"

namespace weir::decisions {
namespace {

/// The production test with the defaults of `guards.errors`.
class Weir final : public Rule {
 public:
  bool rolls_back(const outcomes::Observation& seen, Instant now) override {
    test_.observe(seen, now);
    return seen.canary.errors > 0 && test_.is_worse(now);
  }

 private:
  static constexpr ErrorGuard guard_{};
  rollout::SequentialTest test_{guard_.rule, rollout::errors_part, {}, guard_.failures_in_a_row};
};

/// What retries would do if each counted.
class EveryTry final : public Rule {
 public:
  bool rolls_back(const outcomes::Observation& seen, Instant now) override {
    auto every = seen;
    every.stable.repeated_errors = every.canary.repeated_errors = 0;
    return test_.rolls_back(every, now);
  }

 private:
  Weir test_;
};

}  // namespace

std::vector<Contender> contenders() {
  constexpr double at_5_percent = 1.645, at_1_percent = 2.326;
  return {{"weir", std::make_unique<Weir>},
          {"five checks", five_checks},
          {"flagger", flagger},
          {"argo", argo_rollouts},
          {"kayenta", kayenta, 50},
          {"peeked z 5%", [] { return peeked_z(at_5_percent); }},
          {"peeked z 1%", [] { return peeked_z(at_1_percent); }},
          {"weir, every try", std::make_unique<EveryTry>, 1, Shape::bursts}};
}

}  // namespace weir::decisions
