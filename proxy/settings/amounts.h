#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/instant.h"
#include "model/weight.h"

namespace weir::settings {

/// How a text becomes a value; `nullopt` where it is none.
template <class T>
using Parse = std::optional<T> (*)(std::string_view);

/// "250ms", "1.5s", "2m", "1h", and "0"; not finer than a millisecond.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// "8192", "8KiB", "64KB", "1.5MiB", up to GiB: whole bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "5%", "0.25%". The sign is not optional: 0.05 might mean either.
std::optional<Weight> parse_share(std::string_view text);

/// Decimal digits only.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// "1.5": digits with at most one point.
std::optional<double> parse_decimal(std::string_view text);

/// Exactly "true" or "false"; YAML 1.1's yes, on and y are words.
std::optional<bool> parse_flag(std::string_view text);

/// Whether `value` lies in a range as `keys.h` writes them: "1s to 1h", "0 or 5 to 10".
template <class T>
bool within(std::string_view range, Parse<T> parse, const T& value) {
  constexpr std::string_view alternative = " or ", span = " to ";
  for (;;) {
    const auto end = range.find(alternative);
    const auto part = range.substr(0, end);
    const auto middle = part.find(span);
    const auto low = parse(part.substr(0, middle));
    const auto high =
        middle == std::string_view::npos ? low : parse(part.substr(middle + span.size()));
    if (low && high && *low <= value && value <= *high) return true;
    if (end == std::string_view::npos) return false;
    range.remove_prefix(end + alternative.size());
  }
}

}  // namespace weir::settings
