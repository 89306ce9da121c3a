#include "model/weight.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace weir {

std::string percent_text(Weight weight) {
  const auto points = weight.basis_points();
  std::string text = std::to_string(points / 100);
  const auto rest = points % 100;
  if (rest != 0) {
    text += '.';
    text += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) text += static_cast<char>('0' + rest % 10);
  }
  return text + '%';
}

std::optional<Weight> weight_from_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  double percent = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(percent >= 0 && percent <= 100)) return std::nullopt;
  const double points = percent * 100;
  if (std::abs(points - std::round(points)) > 1e-6) return std::nullopt;
  return Weight::from_basis_points(static_cast<std::uint32_t>(std::lround(points)));
}

}  // namespace weir
