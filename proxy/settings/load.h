#pragma once
#include <optional>
#include <string_view>

#include "model/plan.h"
#include "settings/mistake.h"

namespace weir::settings {

/// Either a plan, checked throughout, or at least one mistake; never both.
struct Loaded {
  std::optional<Plan> plan;
  Mistakes mistakes;  ///< all of them at once, in the order of the text
};

/// Reads a whole configuration. Never throws; opens no file named in it. Hostile text is
/// bounded (`document.h`). What each key means, its default and its range: `keys.h`.
Loaded load(std::string_view yaml_text);

}  // namespace weir::settings
