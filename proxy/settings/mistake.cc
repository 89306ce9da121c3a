#include "settings/mistake.h"

#include <algorithm>

#include "settings/characters.h"

namespace weir::settings {
namespace {

constexpr std::size_t longest_shown = 60;

bool continues_utf8(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string_view cut(std::string_view text) {
  std::size_t length = longest_shown;
  while (length > 0 && continues_utf8(text[length])) --length;
  return text.substr(0, length);
}

}  // namespace

std::string format(const Mistake& mistake) {
  std::string text = mistake.path.empty() ? "configuration" : mistake.path;
  text += ": " + mistake.message;
  if (mistake.line > 0) text += " (line " + std::to_string(mistake.line) + ")";
  return text;
}

std::string in_one_line(std::string_view text) {
  const bool whole = text.size() <= longest_shown;
  std::string shown(whole ? text : cut(text));
  std::replace_if(shown.begin(), shown.end(), is_control, '?');
  return whole ? shown : shown + "…";
}

std::string in_quotes(std::string_view text) { return "'" + in_one_line(text) + "'"; }

}  // namespace weir::settings
