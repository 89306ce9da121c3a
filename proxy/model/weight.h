#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// The canary's share of keys, or any other share, in basis points: 0–10000.
class Weight {
 public:
  static constexpr std::uint32_t whole = 10'000;

  constexpr Weight() noexcept = default;

  /// `nullopt` above 10000.
  static constexpr std::optional<Weight> from_basis_points(std::uint32_t points) noexcept {
    if (points > whole) return std::nullopt;
    return Weight(points);
  }
  /// `percent`: 0–100, a constant of the program.
  static consteval Weight percent(std::uint32_t percent) { return Weight(percent * 100); }
  static consteval Weight tenths_of_percent(std::uint32_t tenths) { return Weight(tenths * 10); }
  static constexpr Weight none() noexcept { return Weight(0); }
  static constexpr Weight all() noexcept { return Weight(whole); }

  constexpr std::uint32_t basis_points() const noexcept { return points_; }
  constexpr double ratio() const noexcept { return points_ / static_cast<double>(whole); }
  constexpr auto operator<=>(const Weight&) const noexcept = default;

 private:
  explicit constexpr Weight(std::uint32_t points) noexcept : points_(points) {}
  std::uint32_t points_ = 0;
};

/// For people: "5%", "0.25%", "100%".
std::string percent_text(Weight weight);

/// Reads "5%", "0.25%", "12.5" (percent). `nullopt` where it is not a number,
/// is outside 0–100 or is finer than a basis point.
std::optional<Weight> weight_from_percent(std::string_view text);

}  // namespace weir
