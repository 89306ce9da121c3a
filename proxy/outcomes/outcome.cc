#include "outcomes/outcome.h"

namespace weir::outcomes {

std::string_view name_of(Ending ending) noexcept {
  switch (ending) {
    case Ending::answered:
      return "answered";
    case Ending::connect_failed:
      return "connect_failed";
    case Ending::reset:
      return "reset";
    case Ending::timed_out:
      return "timed_out";
    case Ending::overflow:
      return "overflow";
    case Ending::client_aborted:
      return "client_aborted";
  }
  return "";
}

bool is_error(const Outcome& outcome) noexcept {
  switch (outcome.ending) {
    case Ending::answered:
      return outcome.status >= 500;
    case Ending::connect_failed:
    case Ending::reset:
    case Ending::timed_out:
      return true;
    case Ending::overflow:
    case Ending::client_aborted:
      return false;
  }
  return false;
}

bool is_evidence(const Outcome& outcome) noexcept {
  return outcome.current_epoch && !outcome.preview && outcome.ending != Ending::client_aborted &&
         outcome.ending != Ending::overflow;
}

}  // namespace weir::outcomes
