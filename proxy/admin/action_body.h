#pragma once
#include <string_view>
#include <variant>

#include "admin/message.h"
#include "rollout/decide.h"

namespace weir::admin {

/// Longest `reason` or `revision`, in bytes.
inline constexpr std::size_t longest_text = 1024;

/// Reads the body of an action: nothing, or a JSON object with `reason` and what belongs
/// to the action: `revision` (start), `full` (promote), `weight` (set-weight, required: a
/// number or text in percent). Anything else is a 400 whose `pointer` (RFC 6901) names
/// the place. Texts are one line without control characters: they end up in logs and
/// on terminals.
std::variant<rollout::ActionRequest, Problem> read_action(rollout::Action action,
                                                          std::string_view body);

}  // namespace weir::admin
