#include "settings/amounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "settings/characters.h"

namespace weir::settings {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array<Unit, 4> time_units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};

constexpr std::array<Unit, 8> size_units{{{"", 1},
                                          {"B", 1},
                                          {"KB", 1e3},
                                          {"KiB", 1024},
                                          {"MB", 1e6},
                                          {"MiB", 1024.0 * 1024},
                                          {"GB", 1e9},
                                          {"GiB", 1024.0 * 1024 * 1024}}};

/// The whole amount of smallest units; exact below 2^53, which is where it stops.
std::optional<std::uint64_t> parse_amount(std::string_view text, std::span<const Unit> units) {
  const auto* end =
      std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  const auto digits = static_cast<std::size_t>(end - text.begin());
  const auto number = parse_decimal(text.substr(0, digits));
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& u) { return u.name == text.substr(digits); });
  if (!number || unit == units.end()) return std::nullopt;
  const double amount = *number * unit->factor;
  if (amount >= 9e15 || std::abs(amount - std::round(amount)) > 1e-6) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(amount));
}

}  // namespace

std::optional<Milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return Milliseconds{0};
  const auto amount = parse_amount(text, time_units);
  if (!amount) return std::nullopt;
  return Milliseconds{static_cast<Milliseconds::rep>(*amount)};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_amount(text, size_units);
}

std::optional<Weight> parse_share(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || !text.ends_with('%')) return std::nullopt;
  return weight_from_percent(text);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return count;
}

std::optional<double> parse_decimal(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

}  // namespace weir::settings
