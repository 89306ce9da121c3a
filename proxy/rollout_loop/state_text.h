#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rollout/state.h"

namespace weir::rollout_loop {

using States = std::map<std::string, rollout::RolloutState>;

/// The state cannot be trusted or reached. The text names the file and what to do.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Text of a state file: a line `weir-state 1 sha256=…` over the JSON that follows.
std::string encode_states(const States& states);
/// Throws `StateError` on a foreign, damaged or newer text.
States decode_states(std::string_view text);

}  // namespace weir::rollout_loop
