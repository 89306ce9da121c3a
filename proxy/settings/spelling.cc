#include "settings/spelling.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace weir::settings {
namespace {

constexpr std::size_t furthest = 2;

std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t substituted = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& words) {
  std::optional<std::string_view> best;
  std::size_t least = std::min(furthest + 1, word.size());
  for (const auto candidate : words) {
    if (candidate.size() + furthest < word.size()) continue;
    const auto distance = edit_distance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

}  // namespace weir::settings
