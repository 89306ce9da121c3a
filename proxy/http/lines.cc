#include "http/lines.h"

#include "http/octets.h"

namespace weir::http {

Fault take_line(std::string_view& rest, Line& line) noexcept {
  line.controls = false;
  for (std::size_t at = find_control(rest, 0); at < rest.size(); at = find_control(rest, at + 1)) {
    const char octet = rest[at];
    if (octet == '\n') return Fault::bare_lf;
    if (octet == '\0') return Fault::nul_byte;
    if (octet != '\r') {
      line.controls = line.controls || octet != '\t';
      continue;
    }
    if (at + 1 == rest.size() || rest[at + 1] != '\n') return Fault::bare_cr;
    line.text = rest.substr(0, at);
    rest.remove_prefix(at + 2);
    return Fault::none;
  }
  return Fault::bare_cr;
}

Fault parse_field_line(const Line& line, Field& field) noexcept {
  const std::string_view text = line.text;
  if (text.starts_with(' ') || text.starts_with('\t')) return Fault::obs_fold;
  const auto [colon, rare] = token_span(text);
  if (colon == 0 || colon == text.size() || text[colon] != ':') return Fault::bad_field_name;
  if (line.controls) return Fault::bad_field_value;
  const std::string_view value = trimmed(text.substr(colon + 1));
  const std::string_view name = text.substr(0, colon);
  field = Field(name, value, known_field(name, rare));
  field.plain = text.size() == colon + 2 + value.size() && text[colon + 1] == ' ';
  return Fault::none;
}

Fault parse_field_lines(std::string_view lines, std::size_t limit, std::vector<Field>& fields) {
  Line line;
  while (true) {
    if (const Fault fault = take_line(lines, line); fault != Fault::none) return fault;
    if (line.text.empty()) return lines.empty() ? Fault::none : Fault::bad_field_name;
    if (fields.size() == limit) return Fault::too_many_fields;
    Field& field = fields.emplace_back();
    if (const Fault fault = parse_field_line(line, field); fault != Fault::none) return fault;
  }
}

}  // namespace weir::http
