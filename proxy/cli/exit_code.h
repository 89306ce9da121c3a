#pragma once

namespace weir::cli {

/// What a pipeline branches on; the same for every command.
enum class ExitCode : int {
  done = 0,
  wrong_use = 1,     ///< bad options, a bad configuration, or an answer of 4xx
  unreachable = 2,   ///< no connection to the proxy, or it failed (5xx)
  rolled_back = 3,   ///< the rollout waited for was rolled back or replaced
  timed_out = 4,     ///< `--timeout` passed first
  interrupted = 130  ///< Ctrl-C, as shells have it
};

}  // namespace weir::cli
