#pragma once
#include <vector>

#include "model/freeze_window.h"
#include "settings/section.h"

namespace weir::settings {

/// `rollout`: the section that may have a list `freeze`.
std::vector<FreezeWindow> read_freeze(const Section& rollout);

}  // namespace weir::settings
