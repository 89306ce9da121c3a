#include "model/rollout_policy.h"

namespace weir {

std::string_view name_of(GuardAction action) noexcept {
  switch (action) {
    case GuardAction::rollback:
      return "rollback";
    case GuardAction::hold:
      return "hold";
    case GuardAction::warn:
      return "warn";
  }
  return "rollback";
}

std::string_view name_of(Hook::At at) noexcept {
  switch (at) {
    case Hook::At::before_start:
      return "before_start";
    case Hook::At::before_step:
      return "before_step";
    case Hook::At::before_promotion:
      return "before_promotion";
    case Hook::At::after_rollback:
      return "after_rollback";
  }
  return "before_start";
}

}  // namespace weir
