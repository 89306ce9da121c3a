#include "http/hop_by_hop.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/list.h"

namespace weir::http {
namespace {

bool lists(std::string_view options, std::string_view name) noexcept {
  while (!options.empty()) {
    if (equal_names(take_element(options), name)) return true;
  }
  return false;
}

/// Whether a Connection field nominates one that Weir has no name for.
bool names_a_stranger(const Field& field) noexcept {
  if (field.known != KnownField::connection) return false;
  for (std::string_view options = field.value; !options.empty();) {
    if (known_field(take_element(options)) == KnownField::other) return true;
  }
  return false;
}

}  // namespace

bool is_hop_by_hop(KnownField known) noexcept {
  switch (known) {
    case KnownField::connection:
    case KnownField::keep_alive:
    case KnownField::proxy_connection:
    case KnownField::te:
    case KnownField::trailer:
    case KnownField::transfer_encoding:
    case KnownField::upgrade:
    case KnownField::http2_settings:
      return true;
    default:
      return false;
  }
}

Nominations::Nominations(const std::vector<Field>& fields) noexcept
    : fields_(fields), any_(std::ranges::any_of(fields, names_a_stranger)) {}

bool Nominations::names(const Field& field) const noexcept {
  return std::ranges::any_of(fields_, [&](const Field& each) {
    return each.known == KnownField::connection && lists(each.value, field.name);
  });
}

void append_via(int minor, std::string& out) {
  out.append(minor == 0 ? "Via: 1.0 weir\r\n" : "Via: 1.1 weir\r\n");
}

void append_number(std::string_view name, std::uint64_t value, std::string& out) {
  std::array<char, 20> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  append_field(name, {digits.data(), end}, out);
}

}  // namespace weir::http
