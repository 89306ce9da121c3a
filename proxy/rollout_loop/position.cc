#include "rollout_loop/position.h"

namespace weir::rollout_loop {

boost::json::object position(const rollout::RolloutState& state) {
  return {{"epoch", state.epoch},
          {"phase", rollout::name_of(state.phase)},
          {"stable", name_of(state.stable)},
          {"weight_percent", state.weight.basis_points() / 100.0},
          {"step", state.step}};
}

}  // namespace weir::rollout_loop
