#include "cli/commands.h"

#include <variant>

#include "cli/check_command.h"
#include "cli/client_command.h"
#include "cli/options.h"
#include "cli/simulate_command.h"

namespace weir::cli {
namespace {

int number_of(ExitCode code) { return static_cast<int>(code); }

}  // namespace

int run_command(int argc, char** argv, Serve serve) {
  const auto parsed = read_options(argc, argv);
  if (const auto* ended = std::get_if<ExitCode>(&parsed)) return number_of(*ended);
  const auto& options = std::get<Options>(parsed);
  switch (options.command) {
    case Command::run:
      return serve(options.config, options.take_over);
    case Command::check:
      return number_of(check_config(options.config));
    case Command::simulate:
      return number_of(simulate_service(options));
    case Command::status:
    case Command::history:
    case Command::act:
      return number_of(run_client(options));
  }
  return number_of(ExitCode::wrong_use);
}

}  // namespace weir::cli
