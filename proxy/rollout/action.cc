#include <array>

#include "rollout/decide.h"

namespace weir::rollout {
namespace {

constexpr std::array actions{Action::start,   Action::pause,      Action::resume,
                             Action::promote, Action::abort,      Action::retry,
                             Action::undo,    Action::set_weight, Action::heartbeat};

}  // namespace

std::string_view name_of(Action action) noexcept {
  switch (action) {
    case Action::start:
      return "start";
    case Action::pause:
      return "pause";
    case Action::resume:
      return "resume";
    case Action::promote:
      return "promote";
    case Action::abort:
      return "abort";
    case Action::retry:
      return "retry";
    case Action::undo:
      return "undo";
    case Action::set_weight:
      return "set-weight";
    case Action::heartbeat:
      return "heartbeat";
  }
  return "";
}

bool can_be_forced(Action action) noexcept {
  switch (action) {
    case Action::start:
    case Action::resume:
    case Action::promote:
    case Action::retry:
    case Action::undo:
    case Action::set_weight:
      return true;
    case Action::pause:
    case Action::abort:
    case Action::heartbeat:
      return false;
  }
  return false;
}

std::optional<Action> action_named(std::string_view name) noexcept {
  for (const auto action : actions) {
    if (name_of(action) == name) return action;
  }
  return std::nullopt;
}

}  // namespace weir::rollout
