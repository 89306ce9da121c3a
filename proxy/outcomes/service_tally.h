#pragma once
#include <memory>

#include "model/version.h"
#include "outcomes/mirror_tally.h"
#include "outcomes/tally.h"

namespace weir::outcomes {

/// What one worker counts of one service.
struct ServiceTally {
  PerVersion<Tally> versions;
  /// By the version copies went to. Null until a configuration mirrors; made before a worker
  /// learns of that one, and never taken back.
  std::unique_ptr<PerVersion<MirrorTally>> mirror;
};

}  // namespace weir::outcomes
