#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::settings {

/// One thing wrong with a configuration, for the person who wrote it.
struct Mistake {
  std::string path;     ///< services[0].rollout.steps[2].weight; empty: the text as a whole
  std::string message;  ///< what is wrong, and what is allowed
  int line = 0;         ///< from 1; 0: none
};

using Mistakes = std::vector<Mistake>;

/// One line: "services[0].name: 'A b' is not a name; allowed: [a-z0-9-]{1,63} (line 4)".
std::string format(const Mistake& mistake);

/// `text` made fit to be shown: cut after 60 bytes, control characters as '?'.
std::string in_one_line(std::string_view text);
std::string in_quotes(std::string_view text);

}  // namespace weir::settings
