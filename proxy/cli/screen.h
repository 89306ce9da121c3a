#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace weir::cli {

/// The terminal while a panel is drawn on it: the alternate screen, so that the one
/// before comes back whatever ends the command. Standard output.
class Screen {
 public:
  /// Whether standard output is one.
  static bool present();

  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// As of now: the window may have been resized.
  std::size_t columns() const;
  /// In place of what was drawn before; lines below the window's edge are left out.
  void draw(const std::vector<std::string>& lines) const;
};

}  // namespace weir::cli
