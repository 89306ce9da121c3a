#pragma once
#include <map>
#include <memory>
#include <string>

#include "model/plan.h"
#include "net/tls_problem.h"

namespace weir::net {

/// What the sticky keys of one service are signed with; never to be logged.
struct StickySecret {
  std::string current;
  std::string previous;  ///< empty: none
};

/// By service; of those whose keys are signed. Immutable.
using StickySecrets = std::map<std::string, StickySecret>;

/// Reads the files that `services[].key` names.
std::shared_ptr<const StickySecrets> load_sticky_secrets(const Plan& plan, TlsProblems& problems);

}  // namespace weir::net
