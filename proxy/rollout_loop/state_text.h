#pragma once
#include <map>
#include <string>
#include <string_view>

#include "rollout/state.h"
#include "rollout_loop/notice.h"
#include "rollout_loop/sealed_text.h"

namespace weir::rollout_loop {

using States = std::map<std::string, rollout::RolloutState>;

/// What outlives a process.
struct Kept {
  States rollouts;    ///< by service
  Notices notices{};  ///< not delivered yet
  bool operator==(const Kept&) const = default;
};

/// Text of a state file: a line `weir-state 1 sha256=…` over the JSON that follows.
std::string encode_states(const States& states, const Notices& notices = {});
/// Throws `StateError` on a foreign, damaged or newer text.
Kept decode_states(std::string_view text);

}  // namespace weir::rollout_loop
