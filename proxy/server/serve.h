#pragma once
#include <string>

namespace weir::server {

/// `weir run`: serves until told to stop or replaced. `take_over`: where the process is that
/// this one replaces; empty: there is none. 0: drained; 1: could not start; 2: could not take
/// over; with the reasons on standard error.
int serve(const std::string& config_path, const std::string& take_over);

}  // namespace weir::server
