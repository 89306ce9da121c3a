#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "cli/exit_code.h"
#include "model/instant.h"
#include "rollout/decide.h"

namespace weir::cli {

enum class Command : std::uint8_t { run, check, simulate, status, history, act };

/// What `weir simulate` is told of the traffic.
struct SimulationRequest {
  double requests_per_second = 100;
  Weight stable_errors = *Weight::from_basis_points(50);
  Weight broken_errors;  ///< of a canary that is to be found
  std::uint64_t runs = 200;
};

/// A command line, checked as far as it can be without asking the proxy.
struct Options {
  Command command = Command::status;
  std::string config;     ///< run, check, simulate
  std::string take_over;  ///< run: a socket; empty: nothing is taken over

  std::string server = "http://127.0.0.1:9901";
  std::string token_file;
  std::string service;  ///< empty: the only one there is
  bool json = false;

  SimulationRequest simulation;           ///< simulate
  bool watch = false;                     ///< status
  rollout::ActionRequest action;          ///< act
  std::optional<std::uint64_t> if_epoch;  ///< act
  bool wait = false;                      ///< act: until the rollout has ended
  Milliseconds timeout{600'000};          ///< of wait and watch; 0: none
};

/// Environment: WEIR_SERVER, WEIR_TOKEN_FILE, WEIR_SERVICE. An exit code where there is
/// nothing to do: help was asked for and printed, or the mistake was.
std::variant<Options, ExitCode> read_options(int argc, const char* const* argv);

}  // namespace weir::cli
