#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "http/fault.h"
#include "http/field.h"

namespace weir::http {

/// One line without its CRLF.
struct Line {
  std::string_view text;
  bool controls = false;  ///< holds control octets besides HTAB
};

/// Takes the first line off `rest`. bare_cr, bare_lf, nul_byte, or `none`. An unended
/// line counts as ended by a bare CR.
Fault take_line(std::string_view& rest, Line& line) noexcept;

/// Reads "name: value" (RFC 9112 §5). obs_fold, bad_field_name, bad_field_value, or `none`.
Fault parse_field_line(const Line& line, Field& field) noexcept;

/// Appends the fields of `lines`, which ends with an empty line and nothing after it.
/// `limit`: of field lines.
Fault parse_field_lines(std::string_view lines, std::size_t limit, std::vector<Field>& fields);

}  // namespace weir::http
