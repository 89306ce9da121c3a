#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "model/time_zone.h"

namespace weir::settings {

/// Times as people write them; all answer `nullopt` to anything else.

/// "mon" to "sun": 0 to 6.
std::optional<std::size_t> parse_weekday(std::string_view text);

/// "08:30", up to "24:00".
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);

/// "2026-12-24", a day that there is.
std::optional<std::chrono::local_days> parse_date(std::string_view text);

/// "Europe/Berlin": a zone the system knows.
std::optional<TimeZone> parse_time_zone(std::string_view text);

}  // namespace weir::settings
