#include "cli/verdict.h"

#include <algorithm>

namespace weir::cli {

void RolloutWait::note(const EventView& event) {
  if (event.at.epoch == epoch_ && event.at.phase == "Healthy") finished_ = true;
}

std::optional<ExitCode> RolloutWait::judge(const Position& at) const {
  const bool ours = at.epoch == epoch_;
  if (finished_ || (ours && at.phase == "Healthy")) return ExitCode::done;
  if (!ours || at.phase == "Degraded") return ExitCode::rolled_back;
  return std::nullopt;
}

double heartbeat_seconds(double driver_timeout_seconds) noexcept {
  constexpr double longest = 10;
  return driver_timeout_seconds > 0 ? std::min(driver_timeout_seconds / 3, longest) : longest;
}

ExitCode exit_code_of(unsigned http_status) noexcept {
  if (http_status >= 200 && http_status < 300) return ExitCode::done;
  const bool refused = http_status >= 400 && http_status < 500;
  return refused ? ExitCode::wrong_use : ExitCode::unreachable;
}

}  // namespace weir::cli
