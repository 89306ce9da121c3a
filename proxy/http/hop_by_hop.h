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
  bool strike(const Field& field) const noexcept;

 private:
  const std::vector<Field>& fields_;
  bool any_;
};

inline void append_field(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ").append(value).append("\r\n");
}

/// Via of a message received as HTTP/1.`minor` (RFC 9110 §7.6.3).
void append_via(int minor, std::string& out);

void append_number(std::string_view name, std::uint64_t value, std::string& out);

}  // namespace weir::http
