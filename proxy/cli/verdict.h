#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "cli/exit_code.h"
#include "cli/rollout_view.h"

namespace weir::cli {

/// Judges how the rollout that is waited for ended. Pure.
class RolloutWait {
 public:
  explicit RolloutWait(std::uint64_t epoch) : epoch_(epoch) {}

  /// An event may tell what the status no longer shows: the rollout finished, and the
  /// next one has begun.
  void note(const EventView& event);

  /// done: it finished. rolled_back: it was rolled back, or another epoch is in force
  /// and nothing said that this one finished. None: it goes on.
  std::optional<ExitCode> judge(const Position& at) const;

 private:
  std::uint64_t epoch_;
  bool finished_ = false;
};

/// Seconds between heartbeats: a third of the policy's `driver_timeout`, at most ten
/// seconds. Ten where there is none: a reload may set one.
double heartbeat_seconds(double driver_timeout_seconds) noexcept;

/// Of an answer: 2xx done, 4xx wrong use, anything else unreachable.
ExitCode exit_code_of(unsigned http_status) noexcept;

}  // namespace weir::cli
