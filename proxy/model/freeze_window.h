#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "model/time_zone.h"

namespace weir {

/// A time in which no weight rises by itself. It opens at `from` on each local day that it
/// names, and closes at the next `to`: on the same day where that is later, else on the day
/// after.
struct FreezeWindow {
  std::string name;  ///< for people
  TimeZone zone;
  std::array<bool, 7> days{true, true, true, true, true, true, true};  ///< Monday first
  std::chrono::minutes from{0};                                        ///< of the day, below 24 h
  std::chrono::minutes to{24 * 60};                                    ///< up to 24 h
  std::optional<std::chrono::local_days> first_day, last_day;          ///< it opens on; inclusive
  bool operator==(const FreezeWindow&) const = default;
};

}  // namespace weir
