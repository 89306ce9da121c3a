#pragma once
#include "cli/exit_code.h"
#include "cli/options.h"

namespace weir::cli {

/// Simulates rollouts of one service of a configuration, good ones and broken ones, and prints
/// how they end.
ExitCode simulate_service(const Options& options);

}  // namespace weir::cli
