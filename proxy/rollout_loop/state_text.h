#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rollout/state.h"
#include "rollout_loop/notice.h"

namespace weir::rollout_loop {

using States = std::map<std::string, rollout::RolloutState>;

/// What outlives a process.
struct Kept {
  States rollouts;    ///< by service
  Notices notices{};  ///< not delivered yet
  bool operator==(const Kept&) const = default;
};

/// The state cannot be trusted or reached. The text names the file and what to do.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Text of a state file: a line `weir-state 1 sha256=…` over the JSON that follows.
std::string encode_states(const States& states, const Notices& notices = {});
/// Throws `StateError` on a foreign, damaged or newer text.
Kept decode_states(std::string_view text);

}  // namespace weir::rollout_loop
