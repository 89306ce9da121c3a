#pragma once
#include <string>

namespace weir::cli {

/// Serves until told to stop; answers the exit code. `take_over`: the socket of the process
/// to be replaced; empty: none.
using Serve = int (*)(const std::string& config_file, const std::string& take_over);

/// The whole of `weir …`: reads the command line, does what it says and answers the exit
/// code (`exit_code.h`). Results go to standard output, complaints to standard error.
int run_command(int argc, char** argv, Serve serve);

}  // namespace weir::cli
