#include "settings/freeze_section.h"

#include <cstddef>

#include "settings/calendar.h"
#include "settings/text_rules.h"

namespace weir::settings {
namespace {

using std::chrono::days;

void read_days(const Section& section, FreezeWindow& window) {
  std::vector<std::size_t> named;
  if (!section.read_list("days", named, &parse_weekday)) return;
  window.days.fill(false);
  for (std::size_t i = 0; i < named.size(); ++i) {
    bool& day = window.days.at(named[i]);
    if (day) section.report_item("days", i, "is listed twice; allowed: each day once");
    day = true;
  }
}

void read_date(const Section& section, std::string_view key,
               std::optional<std::chrono::local_days>& into) {
  if (std::chrono::local_days day; section.read_text(key, day, &parse_date)) into = day;
}

void compare_times(const Section& section, const FreezeWindow& window) {
  if (window.from == std::chrono::hours(24)) {
    section.report("from", "is the end of the day; allowed: below 24:00");
  } else if (window.from == window.to) {
    section.report("to", "is when it opens; allowed: any other time");
  }
}

bool opens_in_a_week_from(const FreezeWindow& window, std::chrono::local_days first) {
  for (auto day = first; day < first + days(7) && day <= *window.last_day; day += days(1)) {
    if (window.days.at(std::chrono::weekday(day).iso_encoding() - 1)) return true;
  }
  return false;
}

void compare_dates(const Section& section, const FreezeWindow& window) {
  if (!window.first_day || !window.last_day) return;
  if (*window.last_day < *window.first_day) {
    section.report("last_day", "is before first_day; allowed: that day or a later one");
  } else if (!opens_in_a_week_from(window, *window.first_day)) {
    section.report("days", "has none from first_day to last_day; allowed: at least one of them");
  }
}

FreezeWindow read_window(const Section& section) {
  FreezeWindow window;
  section.read_text("name", window.name, &parse_name);
  section.read_text("zone", window.zone, &parse_time_zone);
  read_days(section, window);
  section.read_text("from", window.from, &parse_time_of_day);
  section.read_text("to", window.to, &parse_time_of_day);
  read_date(section, "first_day", window.first_day);
  read_date(section, "last_day", window.last_day);
  if (!section.sound()) return window;
  compare_times(section, window);
  compare_dates(section, window);
  return window;
}

}  // namespace

std::vector<FreezeWindow> read_freeze(const Section& rollout) {
  std::vector<FreezeWindow> windows;
  for (const auto& section : rollout.children("freeze")) windows.push_back(read_window(section));
  return windows;
}

}  // namespace weir::settings
