#pragma once
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace weir::server {

/// Sets up the text log: standard output, from a thread of its own, bounded; the
/// oldest lines give way when the output blocks. `level`: debug, info, warn, error.
void start_logging(const std::string& level);
/// Lines lost since the start.
std::size_t log_lines_lost();
/// Writes what is waiting.
void stop_logging();

/// A logger whose lines stand as they are: JSON to standard output.
std::shared_ptr<spdlog::logger> bare_log();

}  // namespace weir::server
