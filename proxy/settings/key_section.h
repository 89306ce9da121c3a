#pragma once
#include "model/plan.h"
#include "settings/section.h"

namespace weir::settings {

/// Reads services[].key.
void read_key(const Section& section, StickyKey& key);

}  // namespace weir::settings
