#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "server/worker_group.h"

namespace spdlog {
class logger;
}

namespace weir::server {

/// Writes the workers' access records as JSON lines, on a thread of its own. Where
/// the output blocks, the queues fill and lose lines, counted; no request waits.
class AccessLogWriter {
 public:
  AccessLogWriter(WorkerGroup& workers, std::shared_ptr<spdlog::logger> log);
  /// Writes what is left.
  ~AccessLogWriter();

  std::uint64_t written() const noexcept { return written_.load(std::memory_order_relaxed); }
  std::uint64_t lost() noexcept;

 private:
  void write_until_stopped();
  void write_waiting();

  WorkerGroup& workers_;
  std::shared_ptr<spdlog::logger> log_;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace weir::server
