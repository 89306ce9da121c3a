#pragma once
#include <string>
#include <string_view>

namespace weir::http::tests {

/// Collects which rules of a check do not hold, for tests and fuzz targets alike.
class Rules {
 public:
  void hold(bool holds, std::string_view rule) {
    if (holds) return;
    if (!broken_.empty()) broken_ += "; ";
    broken_ += rule;
  }
  /// Empty where all of them hold.
  const std::string& broken() const noexcept { return broken_; }

 private:
  std::string broken_;
};

/// Every CR is followed by LF, every LF preceded by CR, and no NUL.
inline bool has_plain_line_ends(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\0') return false;
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) return false;
    if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) return false;
  }
  return true;
}

}  // namespace weir::http::tests
