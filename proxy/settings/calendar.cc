#include "settings/calendar.h"

#include <algorithm>
#include <array>

#include "settings/characters.h"

namespace weir::settings {
namespace {

/// Exactly so many digits.
std::optional<int> number_of(std::string_view text, std::size_t digits) {
  if (text.size() != digits || !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  int number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number;
}

}  // namespace

std::optional<std::size_t> parse_weekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto* const found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = number_of(text.substr(0, 2), 2), minutes = number_of(text.substr(3), 2);
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes time = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  if (time > std::chrono::hours(24)) return std::nullopt;
  return time;
}

std::optional<std::chrono::local_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number_of(text.substr(0, 4), 4);
  const auto month = number_of(text.substr(5, 2), 2), day = number_of(text.substr(8), 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days(date);
}

std::optional<TimeZone> parse_time_zone(std::string_view text) { return TimeZone::named(text); }

}  // namespace weir::settings
