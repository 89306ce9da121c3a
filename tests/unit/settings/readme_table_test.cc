#include <gtest/gtest.h>

#include "configuration_text.h"
#include "settings/keys.h"

namespace weir::settings {
namespace {

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const auto start = text.find(begin);
  const auto stop = text.find(end);
  if (start == std::string::npos || stop == std::string::npos) return {};
  return text.substr(start + begin.size(), stop - start - begin.size());
}

TEST(Readme, ShowsTheKeysTheReaderGoesBy) {
  const auto shown =
      between(text_of_file("README.md"), "<!-- keys:begin -->\n", "<!-- keys:end -->");
  EXPECT_EQ(shown, markdown_table());
}

}  // namespace
}  // namespace weir::settings
