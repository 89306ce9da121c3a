#include "rollout/state.h"

#include <array>

namespace weir::rollout {
namespace {

constexpr std::array phases{Phase::healthy, Phase::progressing, Phase::paused, Phase::degraded};
constexpr std::array pause_reasons{
    PauseReason::none,  PauseReason::gate,       PauseReason::operator_request,
    PauseReason::guard, PauseReason::weight_set, PauseReason::evidence};

}  // namespace

std::string_view name_of(Phase phase) noexcept {
  switch (phase) {
    case Phase::healthy:
      return "Healthy";
    case Phase::progressing:
      return "Progressing";
    case Phase::paused:
      return "Paused";
    case Phase::degraded:
      return "Degraded";
  }
  return "";
}

std::optional<Phase> phase_named(std::string_view name) noexcept {
  for (const auto phase : phases) {
    if (name_of(phase) == name) return phase;
  }
  return std::nullopt;
}

std::string_view name_of(Hold::By by) noexcept {
  return by == Hold::By::freeze ? "freeze" : "capacity";
}

std::string_view name_of(PauseReason reason) noexcept {
  switch (reason) {
    case PauseReason::none:
      return "";
    case PauseReason::gate:
      return "gate";
    case PauseReason::operator_request:
      return "operator";
    case PauseReason::guard:
      return "guard";
    case PauseReason::weight_set:
      return "weight";
    case PauseReason::evidence:
      return "evidence";
  }
  return "";
}

std::optional<PauseReason> pause_reason_named(std::string_view name) noexcept {
  for (const auto reason : pause_reasons) {
    if (name_of(reason) == name) return reason;
  }
  return std::nullopt;
}

}  // namespace weir::rollout
