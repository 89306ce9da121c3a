#pragma once
#include <boost/json/object.hpp>

#include "rollout/state.h"

namespace weir::rollout_loop {

/// Where a rollout stands, for whoever reads a log or a notice.
boost::json::object position(const rollout::RolloutState& state);

}  // namespace weir::rollout_loop
