#include "server/logging.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace weir::server {
namespace {

constexpr std::size_t waiting_lines = 8192;

}  // namespace

void start_logging(const std::string& level) {
  spdlog::init_thread_pool(waiting_lines, 1);
  auto sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  auto log = std::make_shared<spdlog::async_logger>("weir", std::move(sink), spdlog::thread_pool(),
                                                    spdlog::async_overflow_policy::overrun_oldest);
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->set_level(spdlog::level::from_str(level));
  log->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(log));
}

std::size_t log_lines_lost() {
  const auto pool = spdlog::thread_pool();
  return pool ? pool->overrun_counter() : 0;
}

void stop_logging() {
  const auto kept = spdlog::default_logger();  // outlives the thread that writes by it
  spdlog::shutdown();
}

std::shared_ptr<spdlog::logger> bare_log() {
  auto log =
      std::make_shared<spdlog::logger>("access", std::make_shared<spdlog::sinks::stdout_sink_mt>());
  log->set_pattern("%v");
  return log;
}

}  // namespace weir::server
