#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "cli/rollout_view.h"

namespace weir::cli {

/// The rollout as lines of text, none wider than `columns` (at least 20). Pure: no
/// escape sequences, no clock.
std::vector<std::string> panel_lines(const RolloutView& view, std::size_t columns);

/// "shop: Progressing at 25%, step 2 of 4 (epoch 7)".
std::string summary_line(const RolloutView& view);

/// "12:00:01 shop: step: Progressing at 25% (epoch 7): step 2 of 4, 25%". UTC.
std::string change_line(const EventView& event);

}  // namespace weir::cli
