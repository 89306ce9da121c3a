#pragma once
#include <string>

#include "cli/exit_code.h"

namespace weir::cli {

/// Prints "FILE: ok (2 services)", or to standard error a line for each mistake.
ExitCode check_config(const std::string& file);

}  // namespace weir::cli
