#pragma once
#include "model/plan.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads listen[] where it is a section. False where its address could not be read.
bool read_listener(const Section& section, ListenerPlan& listener);

}  // namespace weir::settings
