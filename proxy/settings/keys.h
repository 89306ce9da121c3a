#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::settings {

/// One key of the configuration. The rows are what the reader itself goes by: a key that
/// has none is unknown, `range` is what it checks, and "required" what it demands. The
/// README's table is made from them.
struct Key {
  /// services[].rollout.steps[].hold; a `*` stands for each name in `range`.
  std::string_view path;
  std::string_view type;          ///< "duration", "list of host:port"; fits "is not a …"
  std::string_view unit;          ///< what it is written in, or what it counts
  std::string_view default_text;  ///< as one would write it, or "required"
  /// Amounts: "1s to 1h", "0 or 1s to 1h". Choices: "blue, green", in the enum's order.
  /// Anything else: words. Lists that say "at least one" may not be empty.
  std::string_view range;
  std::string_view meaning;  ///< one sentence without a period

  bool required() const noexcept { return default_text == "required"; }
};

/// All keys, in the order people read them.
std::span<const Key> keys();

/// Null where there is no such path.
const Key* find_key(std::string_view path);

/// What stands for a key of earlier versions now; empty where there never was one.
std::string where_now(std::string_view path);

/// Names allowed in the section `path` ("" is the root), in order, each once.
std::vector<std::string_view> names_in(std::string_view path);

/// The path of `name` in the section `path`, with `*` where the table has one.
std::string path_in(std::string_view path, std::string_view name);

/// The names in a range such as "blue, green".
std::vector<std::string_view> choices_of(const Key& key);

/// The keys as a Markdown table, a newline at the end of every line.
std::string markdown_table();

}  // namespace weir::settings
