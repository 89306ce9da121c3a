#include "cli/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace weir::cli {
namespace {

constexpr const char* enter = "\x1b[?1049h\x1b[?25l";
constexpr const char* leave = "\x1b[?25h\x1b[?1049l";
constexpr const char* home = "\x1b[H";
constexpr const char* clear_to_line_end = "\x1b[K";
constexpr const char* clear_below = "\x1b[J";

winsize window() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size : winsize{24, 80, 0, 0};
}

}  // namespace

bool Screen::present() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

Screen::Screen() { std::cout << enter << std::flush; }

Screen::~Screen() { std::cout << leave << std::flush; }

// Not the last one: clearing from there to the line's end takes the character with it.
std::size_t Screen::columns() const { return std::max<std::size_t>(window().ws_col - 1U, 20); }

void Screen::draw(const std::vector<std::string>& lines) const {
  const auto shown = std::min<std::size_t>(lines.size(), window().ws_row);
  std::string text = home;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += '\n';
    text += lines[i] + clear_to_line_end;
  }
  std::cout << text << clear_below << std::flush;
}

}  // namespace weir::cli
