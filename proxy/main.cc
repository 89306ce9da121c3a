#include "cli/commands.h"
#include "server/serve.h"

int main(int argc, char** argv) { return weir::cli::run_command(argc, argv, &weir::server::serve); }
