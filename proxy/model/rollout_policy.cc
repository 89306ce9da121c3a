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

}  // namespace weir
