#pragma once
#include <string>

#include "settings/load.h"

namespace weir::server {

/// Reads and checks a configuration file; one that cannot be read is one mistake.
settings::Loaded load_file(const std::string& path);

}  // namespace weir::server
