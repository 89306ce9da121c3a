#pragma once
#include <array>
#include <string_view>

namespace weir {

/// What can become of a rollout, as events, metrics and webhooks name it.
inline constexpr std::array<std::string_view, 15> transition_kinds{
    "start",    "step", "gate", "pause", "resume", "promote",    "finish",    "abort",
    "rollback", "hold", "warn", "retry", "undo",   "set-weight", "scale-down"};

}  // namespace weir
