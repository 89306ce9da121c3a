#pragma once
#include <string>

namespace weir::server {

/// `weir run`: serves until told to stop. 0: drained; 1: could not start, with the
/// reasons on standard error.
int serve(const std::string& config_path);

}  // namespace weir::server
