#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/mistake.h"

namespace weir::settings {

/// A YAML node with its place in the text, and nothing resolved: "no" stays "no".
struct Value {
  enum class Kind : std::uint8_t { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  int line = 0;      ///< from 1; of the key where there is one
  std::string name;  ///< the key it stands under; empty in a list
  std::string text;  ///< of a scalar
  std::vector<Value> children{};

  /// First child of that name; null where there is none.
  const Value* find(std::string_view key) const noexcept;
};

/// What a text may cost before it is refused.
inline constexpr std::size_t most_bytes = 8u << 20;
inline constexpr std::size_t most_values = 1'000'000;
inline constexpr std::size_t deepest = 32;

/// Parses one YAML document. Refused with a line: what is no YAML, control characters,
/// more than the above, a second document, anchors, aliases, tags and keys that are not
/// words. An empty text is `nothing`. Never throws.
std::variant<Value, Mistake> parse(std::string_view yaml_text);

}  // namespace weir::settings
