#include "http/framing.h"

#include <algorithm>
#include <charconv>

#include "http/list.h"
#include "http/octets.h"

namespace weir::http {
namespace {

constexpr std::size_t most_length_digits = 19;  // always fits 64 bits

void read_options(std::string_view value, ConnectionOptions& options) noexcept {
  while (!value.empty()) {
    const std::string_view option = take_element(value);
    if (++options.count > ConnectionOptions::most) return;
    options.close = options.close || equal_names(option, "close");
    options.keep_alive = options.keep_alive || equal_names(option, "keep-alive");
    options.upgrade = options.upgrade || equal_names(option, "upgrade");
  }
}

void gather_field(const Field& field, ControlFields& control) noexcept {
  switch (field.known) {
    case KnownField::host:
      return control.host.add(field.value);
    case KnownField::content_length:
      return control.length.add(field.value);
    case KnownField::transfer_encoding:
      return control.coding.add(field.value);
    case KnownField::upgrade:
      return control.upgrade.add(field.value);
    case KnownField::max_forwards:
      return control.hops.add(field.value);
    case KnownField::connection:
      return read_options(field.value, control.connection);
    case KnownField::te:
      control.has_te = true;
      return;
    case KnownField::expect:
      control.expect_continue = true;
      control.expect_other = control.expect_other || !equal_names(field.value, "100-continue");
      return;
    default:
      return;
  }
}

bool is_chunked(std::string_view coding) noexcept { return equal_names(coding, "chunked"); }

/// Why a value other than "chunked" is refused: 501 for a list of codings that are merely
/// unknown here, with chunked last or absent; 400 for what no recipient may take.
Fault fault_of_coding(std::string_view value) noexcept {
  if (value.empty() || value.ends_with(',')) return Fault::bad_transfer_encoding;
  while (!value.empty()) {
    const std::string_view element = take_element(value);
    const std::size_t name_end = element.find(';');
    const std::string_view name = trimmed(element.substr(0, name_end));
    if (!consists_of(token_octet, name)) return Fault::bad_transfer_encoding;
    const bool plain_last = name_end == std::string_view::npos && value.empty();
    if (is_chunked(name) && !plain_last) return Fault::bad_transfer_encoding;
  }
  return Fault::unknown_transfer_coding;
}

Fault read_coding(const Found& coding, int minor) noexcept {
  if (coding.count > 1) return Fault::bad_transfer_encoding;
  if (minor == 0) return Fault::chunked_on_http10;
  return is_chunked(coding.value) ? Fault::none : fault_of_coding(coding.value);
}

Fault read_length(const Found& found, std::uint64_t& length) noexcept {
  if (found.count > 1) return Fault::duplicate_content_length;
  const std::string_view digits = found.value;
  const bool padded = digits.size() > 1 && digits.front() == '0';
  if (digits.empty() || digits.size() > most_length_digits || padded ||
      !std::ranges::all_of(digits, is_digit)) {
    return Fault::bad_content_length;
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return Fault::none;
}

}  // namespace

Fault gather(const std::vector<Field>& fields, ControlFields& control) noexcept {
  for (const Field& field : fields) gather_field(field, control);
  const bool too_many = control.connection.count > ConnectionOptions::most;
  return too_many ? Fault::too_many_connection_options : Fault::none;
}

Fault read_framing(const ControlFields& control, int minor, Framing& framing) noexcept {
  framing.chunked = control.coding.count > 0;
  framing.has_length = control.length.count > 0;
  if (framing.chunked && framing.has_length) return Fault::length_with_chunked;
  if (framing.chunked) return read_coding(control.coding, minor);
  return framing.has_length ? read_length(control.length, framing.length) : Fault::none;
}

bool keeps_alive(const ConnectionOptions& options, int minor) noexcept {
  return !options.close && (minor == 1 || options.keep_alive);
}

Fault parse_version(std::string_view text, int& minor) noexcept {
  const bool well_formed = text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) &&
                           text[6] == '.' && is_digit(text[7]);
  if (!well_formed) return Fault::bad_version;
  if (text[5] != '1' || text[7] > '1') return Fault::version_not_supported;
  minor = text[7] - '0';
  return Fault::none;
}

}  // namespace weir::http
