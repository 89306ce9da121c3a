#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/version.h"
#include "model/weight.h"
#include "rollout/guard.h"
#include "rollout/seen.h"

namespace weir::rollout_loop {

/// A transition in short.
struct TransitionNote {
  std::int64_t unix_ms = 0;
  std::string who, kind, reason;
  std::string guard;  ///< that acted; empty: none did
  bool operator==(const TransitionNote&) const = default;
};

/// One rollout from its start: a thing of the past once it has ended.
struct PastRollout {
  std::uint64_t epoch = 0;
  std::string revision;
  Version canary = Version::green;
  std::int64_t started_unix_ms = 0;  ///< 0: not known
  Weight greatest;                   ///< that canary had
  bool ended = false;
  TransitionNote last;                      ///< the one that ended it, where it has
  std::vector<rollout::Assessment> guards;  ///< as they stood then
  rollout::SeenOfBoth seen;                 ///< until then
  bool operator==(const PastRollout&) const = default;
};

}  // namespace weir::rollout_loop
