#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cell.h"
#include "model/instant.h"
#include "outcomes/evidence.h"

namespace weir::decisions {

/// Somebody who decides on a rollback, from one run's traffic.
class Rule {
 public:
  virtual ~Rule() = default;
  /// Sees each piece of traffic once, in order. True: roll back.
  virtual bool rolls_back(const outcomes::Observation& seen, Instant now) = 0;
};

struct Contender {
  std::string name;
  std::function<std::unique_ptr<Rule>()> make;
  unsigned one_run_in = 1;         ///< it takes part in: for those that cost a lot
  std::optional<Shape> only = {};  ///< cells it takes part in; nothing: all
};

/// Weir's guard as shipped, and those it is compared with; Weir first.
std::vector<Contender> contenders();

std::unique_ptr<Rule> flagger();
std::unique_ptr<Rule> argo_rollouts();
std::unique_ptr<Rule> five_checks();
std::unique_ptr<Rule> kayenta();
/// `critical`: the quantile of the normal distribution that z must pass.
std::unique_ptr<Rule> peeked_z(double critical);

}  // namespace weir::decisions
