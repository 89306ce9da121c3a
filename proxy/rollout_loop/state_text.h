#pragma once
#include <map>
#include <string>
#include <string_view>

#include "rollout/state.h"
#include "rollout_loop/sealed_text.h"

namespace weir::rollout_loop {

using States = std::map<std::string, rollout::RolloutState>;

/// Text of a state file: a line `weir-state 1 sha256=…` over the JSON that follows.
std::string encode_states(const States& states);
/// Throws `StateError` on a foreign, damaged or newer text.
States decode_states(std::string_view text);

}  // namespace weir::rollout_loop
