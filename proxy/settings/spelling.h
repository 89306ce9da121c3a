#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace weir::settings {

/// The word nearest to `word` by insertions, deletions and substitutions, if at most two
/// of them lead there and fewer than `word` has letters.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& words);

}  // namespace weir::settings
