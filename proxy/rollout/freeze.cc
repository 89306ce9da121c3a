#include "rollout/freeze.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace weir::rollout {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::sys_seconds;

constexpr days a_year{366};

bool opens_on(const FreezeWindow& window, local_days day) {
  const auto weekday = std::chrono::weekday(day).iso_encoding() - 1;
  return window.days.at(weekday) && (!window.first_day || day >= *window.first_day) &&
         (!window.last_day || day <= *window.last_day);
}

/// When the window closes that opened on that day.
sys_seconds closes(const FreezeWindow& window, local_days day) {
  const auto last = window.to > window.from ? day : day + days(1);
  return window.zone.last(last + window.to);
}

/// When an open window closes; nothing: it is not open.
std::optional<sys_seconds> open_until(const FreezeWindow& window, sys_seconds now) {
  const auto today = std::chrono::floor<days>(window.zone.local(now));
  for (const auto day : {today, today - days(1)}) {
    if (!opens_on(window, day) || now < window.zone.first(day + window.from)) continue;
    if (const auto end = closes(window, day); now < end) return end;
  }
  return std::nullopt;
}

struct Open {
  const FreezeWindow* window;
  sys_seconds until;
};

std::optional<Open> open_one(const std::vector<FreezeWindow>& windows, sys_seconds now) {
  for (const auto& window : windows) {
    if (const auto until = open_until(window, now)) return Open{&window, *until};
  }
  return std::nullopt;
}

/// When none is open any more; nothing: not in a year.
std::optional<WallTime> thawed(const std::vector<FreezeWindow>& windows, sys_seconds first_end) {
  auto end = first_end;
  while (const auto next = open_one(windows, end)) {
    end = next->until;
    if (end > first_end + a_year) return std::nullopt;
  }
  return end;
}

}  // namespace

std::optional<Freeze> freeze_at(const std::vector<FreezeWindow>& windows, WallTime now) {
  if (windows.empty()) return std::nullopt;
  const auto open = open_one(windows, std::chrono::floor<std::chrono::seconds>(now));
  if (!open) return std::nullopt;
  return Freeze{open->window->name, thawed(windows, open->until), open->window->zone};
}

std::string text_of(const Freeze& freeze) {
  auto text = "freeze window " + freeze.window;
  if (!freeze.until) return text + ", for more than a year";
  const auto shown = freeze.zone.local(std::chrono::floor<std::chrono::seconds>(*freeze.until));
  const auto day = std::chrono::floor<days>(shown);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(shown - day);
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), " until %04d-%02u-%02u %02ld:%02ld ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<long>(time.hours().count()),
                static_cast<long>(time.minutes().count()));
  return text + digits.data() + freeze.zone.name();
}

}  // namespace weir::rollout
