#pragma once
#include "cli/exit_code.h"
#include "cli/options.h"

namespace weir::cli {

/// `status` and the actions: asks the proxy and shows what it says. Complains on
/// standard error; throws nothing.
ExitCode run_client(const Options& options);

}  // namespace weir::cli
