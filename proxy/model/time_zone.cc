#include "model/time_zone.h"

#include <absl/time/time.h>

#include <algorithm>

namespace weir {
namespace {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

/// Names of zones as IANA makes them: no paths, nor Abseil's own such as "localtime".
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '/' || each == '_' || each == '-' || each == '+';
  };
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest && name.front() >= 'A' && name.front() <= 'Z' &&
         !name.starts_with("Fixed/") && std::all_of(name.begin(), name.end(), allowed);
}

constexpr absl::CivilSecond epoch(1970, 1, 1);

sys_seconds instant_of(absl::Time when) {
  return sys_seconds(std::chrono::seconds(ToUnixSeconds(when)));
}

}  // namespace

struct TimeZone::Rules {
  absl::TimeZone zone;

  absl::TimeZone::TimeInfo at(local_seconds shown) const {
    return zone.At(epoch + shown.time_since_epoch().count());
  }
};

TimeZone::TimeZone() : rules_(std::make_shared<const Rules>(Rules{absl::UTCTimeZone()})) {}

std::optional<TimeZone> TimeZone::named(std::string_view name) {
  Rules rules;
  if (!is_zone_name(name) || !absl::LoadTimeZone(std::string(name), &rules.zone)) {
    return std::nullopt;
  }
  TimeZone found;
  found.name_ = name;
  found.rules_ = std::make_shared<const Rules>(rules);
  return found;
}

local_seconds TimeZone::local(sys_seconds when) const {
  const auto shown = rules_->zone.At(absl::FromUnixSeconds(when.time_since_epoch().count())).cs;
  return local_seconds(std::chrono::seconds(shown - epoch));
}

sys_seconds TimeZone::first(local_seconds shown) const {
  const auto found = rules_->at(shown);
  const bool never = found.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return instant_of(never ? found.trans : found.pre);
}

sys_seconds TimeZone::last(local_seconds shown) const {
  const auto found = rules_->at(shown);
  const bool never = found.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return instant_of(never ? found.trans : found.post);
}

}  // namespace weir
