#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "rollout_loop/event_feed.h"

namespace spdlog {
class logger;
}

namespace weir::rollout_loop {

/// One JSON line for every mutation and every refused attempt: who, when, from,
/// to, why. Each line is flushed. Control thread only.
class AuditLog {
 public:
  /// `file`: appended to; empty: standard output. Throws `spdlog::spdlog_ex`
  /// where it cannot be opened: start-up only.
  explicit AuditLog(const std::string& file);

  void transition(const Event& event);
  /// An attempt that changed nothing: 401, 403, 409, 412. `what`: "POST /v1/…".
  void refused(std::string_view who, std::string_view service, std::string_view what, int status,
               std::string_view why);

 private:
  std::shared_ptr<spdlog::logger> log_;
};

}  // namespace weir::rollout_loop
