#include "settings/keys.h"

#include <gtest/gtest.h>

#include <set>

#include "settings/amounts.h"
#include "settings/spelling.h"

namespace weir::settings {
namespace {

/// The range is read as the values are: the lowest and the highest must be inside it.
template <class T>
bool holds_its_bounds(const Key& key, Parse<T> parse) {
  const std::string range(key.range);
  const auto last =
      range.find(" or ") == std::string::npos ? range : range.substr(range.find(" or ") + 4);
  const auto middle = last.find(" to ");
  if (middle == std::string::npos) return false;
  const auto low = parse(last.substr(0, middle)), high = parse(last.substr(middle + 4));
  return low && high && *low < *high && within(key.range, parse, *low) &&
         within(key.range, parse, *high);
}

bool has_sound_range(const Key& key) {
  if (key.type == "duration") return holds_its_bounds(key, &parse_duration);
  if (key.type == "size") return holds_its_bounds(key, &parse_size);
  if (key.type == "share") return holds_its_bounds(key, &parse_share);
  if (key.type == "number") return holds_its_bounds(key, &parse_count);
  if (key.type == "decimal") return holds_its_bounds(key, &parse_decimal);
  if (key.type == "choice") return choices_of(key).size() >= 2;
  return !key.range.empty();
}

TEST(Keys, EveryRangeIsOneTheReaderUnderstands) {
  for (const auto& key : keys()) EXPECT_TRUE(has_sound_range(key)) << key.path;
}

TEST(Keys, EveryKeyStandsOnceAndSaysWhatItMeans) {
  std::set<std::string_view> paths;
  for (const auto& key : keys()) {
    EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    EXPECT_FALSE(key.meaning.empty() || key.meaning.ends_with('.')) << key.path;
  }
}

TEST(Keys, NoCellBreaksTheTable) {
  for (const auto& key : keys()) {
    for (const auto cell :
         {key.path, key.type, key.unit, key.default_text, key.range, key.meaning}) {
      EXPECT_EQ(cell.find_first_of("|\n"), std::string_view::npos) << key.path;
    }
  }
}

TEST(Keys, ASectionKnowsItsNames) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(names_in("admin"), (Names{"listen", "token_file", "audit_file", "limits"}));
  EXPECT_EQ(names_in("state"), (Names{"file", "history"}));
  EXPECT_EQ(names_in("services[].pools"), (Names{"blue", "green"}));
  EXPECT_EQ(names_in("services[].rollout"),
            (Names{"steps", "ramp", "hold_back", "auto_promote", "guards", "driver_timeout",
                   "max_wait", "freeze", "bake", "hooks"}));
  EXPECT_EQ(names_in("adm"), Names{});
  EXPECT_EQ(names_in("").size(), 13u);
  EXPECT_EQ(path_in("services[].pools", "blue"), "services[].pools.*");
  EXPECT_EQ(path_in("", "workers"), "workers");
}

TEST(Spelling, FindsTheNearestWithinTwoLetters) {
  const std::vector<std::string_view> words{"weight", "hold", "min_requests", "manual_gate"};
  EXPECT_EQ(nearest("wieght", words), "weight");
  EXPECT_EQ(nearest("hld", words), "hold");
  EXPECT_EQ(nearest("min_request", words), "min_requests");
  EXPECT_EQ(nearest("manualgates", words), "manual_gate");
  EXPECT_EQ(nearest("w", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest("requests", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(10'000, 'x'), words), std::nullopt);
}

}  // namespace
}  // namespace weir::settings
