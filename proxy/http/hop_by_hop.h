#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/field.h"

namespace weir::http {

/// Meant for the next hop alone (RFC 9110 §7.6.1), and Trailer, since trailers are
/// sifted on the way.
bool is_hop_by_hop(KnownField known) noexcept;

/// The fields that Connection declares hop-by-hop. Holds on to `fields`.
class Nominations {
 public:
  explicit Nominations(const std::vector<Field>& fields) noexcept;

  /// Only fields Weir has no name for can be nominated away.
  bool strike(const Field& field) const noexcept {
    return any_ && field.known == KnownField::other && names(field);
  }

 private:
  bool names(const Field& field) const noexcept;

  const std::vector<Field>& fields_;
  bool any_;
};

inline void append_field(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ").append(value).append("\r\n");
}

/// Appends the fields that pass, as they came. Lines that are plain and lie side by side in
/// the head, which is most of them, go in one piece.
template <class Passes>
void append_passing(const std::vector<Field>& fields, const Passes& passes, std::string& out) {
  std::string_view run;  // plain lines that wait to be appended
  for (const Field& field : fields) {
    if (!passes(field)) continue;
    const auto size = field.name.size() + 2 + field.value.size() + 2;
    if (field.plain && field.name.data() == run.data() + run.size()) {
      run = {run.data(), run.size() + size};
      continue;
    }
    out.append(run);
    run = field.plain ? std::string_view(field.name.data(), size) : std::string_view{};
    if (!field.plain) append_field(field.name, field.value, out);
  }
  out.append(run);
}

/// Via of a message received as HTTP/1.`minor` (RFC 9110 §7.6.3).
void append_via(int minor, std::string& out);

void append_number(std::string_view name, std::uint64_t value, std::string& out);

}  // namespace weir::http
