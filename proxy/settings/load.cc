#include "settings/load.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "settings/document.h"
#include "settings/proxy_sections.h"
#include "settings/section.h"
#include "settings/service_section.h"

namespace weir::settings {

namespace {

bool concerns_timeouts(const Mistake& mistake) { return mistake.path.starts_with("timeouts"); }

bool stands_above(const Mistake& a, const Mistake& b) { return a.line < b.line; }

}  // namespace

Loaded load(std::string_view yaml_text) {
  Loaded loaded;
  const auto parsed = parse(yaml_text);
  if (const auto* mistake = std::get_if<Mistake>(&parsed)) {
    loaded.mistakes.push_back(*mistake);
    return loaded;
  }
  Plan plan;
  const Section root(&std::get<Value>(parsed), Place{}, 1, loaded.mistakes);
  read_proxy(root, plan);
  const bool timed =
      std::none_of(loaded.mistakes.begin(), loaded.mistakes.end(), concerns_timeouts);
  plan.services = read_services(root, timed ? std::optional(plan.timeouts.response) : std::nullopt);
  std::stable_sort(loaded.mistakes.begin(), loaded.mistakes.end(), stands_above);
  if (loaded.mistakes.empty()) loaded.plan = std::move(plan);
  return loaded;
}

}  // namespace weir::settings
