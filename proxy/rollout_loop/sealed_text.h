#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::rollout_loop {

/// What was kept cannot be trusted or reached. The text says why.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a file of Weir holds: "weir-state" is a "state file".
struct TextKind {
  std::string_view name, description;
};

/// A line `<name> 1 sha256=…` over the body, then the body.
std::string seal(const TextKind& kind, std::string_view body);
/// The body. Throws `StateError` on a foreign, damaged or newer text.
std::string_view unseal(const TextKind& kind, std::string_view text);

}  // namespace weir::rollout_loop
