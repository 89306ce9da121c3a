#include "http/request_head.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/framing.h"
#include "http/host.h"
#include "http/lines.h"
#include "http/list.h"
#include "http/octets.h"
#include "http/protocols.h"

namespace weir::http {
namespace {

/// Method SP target SP version, the target as it came (RFC 9112 §3).
Fault split_request_line(std::string_view line, RequestHead& out) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end =
      method_end == std::string_view::npos ? method_end : line.find(' ', method_end + 1);
  out.method_text = line.substr(0, method_end);
  if (out.method_text.empty()) return Fault::bad_request_line;
  if (!consists_of(token_octet, out.method_text)) return Fault::bad_method;
  if (target_end == std::string_view::npos) return Fault::bad_request_line;
  out.method = method_named(out.method_text);
  out.target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (out.target.empty() || version.find(' ') != std::string_view::npos) {
    return Fault::bad_request_line;
  }
  return parse_version(version, out.minor);
}

bool has_scheme(std::string_view target, std::string_view scheme) noexcept {
  return equal_names(target.substr(0, scheme.size()), scheme);
}

/// Turns absolute-form into what is sent on, its authority into the host (RFC 9112 §3.2.2).
Fault split_absolute(std::size_t authority_begin, RequestHead& out) {
  const std::string_view rest = out.target.substr(authority_begin);
  const std::size_t authority_end = rest.find_first_of("/?");
  out.host = rest.substr(0, authority_end);
  if (!is_valid_host(out.host)) return Fault::bad_target;
  if (authority_end == std::string_view::npos) {
    out.target = out.method == Method::options ? "*" : "/";
    return Fault::none;
  }
  out.target = rest.substr(authority_end);
  return out.target.front() == '/' ? Fault::none : Fault::bad_target;
}

Fault read_target(const WireLimits& limits, RequestHead& out) {
  if (out.target.size() > limits.target_bytes) return Fault::target_too_long;
  if (out.method == Method::connect) return Fault::connect_not_supported;
  if (!consists_of(target_octet, out.target)) return Fault::bad_target;
  if (out.target == "*") return out.method == Method::options ? Fault::none : Fault::bad_target;
  if (out.target.front() == '/') return Fault::none;
  if (has_scheme(out.target, "http://")) return split_absolute(7, out);
  if (has_scheme(out.target, "https://")) return split_absolute(8, out);
  return Fault::bad_target;
}

/// `out.host` is that of an absolute target by now, or empty.
Fault read_host(const Found& found, RequestHead& out) {
  if (found.count > 1) return Fault::duplicate_host;
  if (found.count == 0) return out.minor == 0 ? Fault::none : Fault::missing_host;
  if (!is_valid_host(found.value)) return Fault::bad_host;
  if (!out.host.empty() && !equal_names(out.host, found.value)) return Fault::host_mismatch;
  out.host = found.value;
  return Fault::none;
}

Fault read_body(const ControlFields& control, const WireLimits& limits, RequestHead& out) {
  Framing framing;
  if (const Fault fault = read_framing(control, out.minor, framing); fault != Fault::none) {
    return fault;
  }
  if (framing.chunked) out.body = Body::chunked;
  if (framing.has_length) out.body = Body::length;
  out.content_length = framing.length;
  const bool too_large = limits.body_bytes != 0 && framing.length > limits.body_bytes;
  return too_large ? Fault::body_too_large : Fault::none;
}

Fault read_hops(const Found& hops, RequestHead& out) {
  constexpr std::size_t most_digits = 9;
  constexpr std::uint32_t most = 999'999'999;
  const bool counts = out.method == Method::options || out.method == Method::trace;
  if (!counts || hops.count == 0) return Fault::none;
  std::string_view digits = hops.value;
  if (hops.count > 1 || digits.empty() || !std::ranges::all_of(digits, is_digit)) {
    return Fault::bad_max_forwards;
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return Fault::no_hops_left;
  std::uint32_t received = most;
  if (digits.size() <= most_digits) {
    std::from_chars(digits.data(), digits.data() + digits.size(), received);
  }
  out.hops_left = received - 1;
  return Fault::none;
}

/// A body would leave it open which of its bytes belong to the request (RFC 9110 §7.8).
bool may_switch(const ControlFields& control, const RequestHead& head) noexcept {
  return control.connection.upgrade && control.upgrade.count == 1 && head.minor == 1 &&
         head.method == Method::get && head.body == Body::none &&
         is_valid_offer(control.upgrade.value);
}

/// RFC 9110 §10.1.4: a list; only HTTP/1.1 has trailers.
bool takes_trailers(const RequestHead& head) noexcept {
  if (head.minor == 0) return false;
  for (const Field& field : head.fields) {
    if (field.known != KnownField::te) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      if (equal_names(take_element(rest), "trailers")) return true;
    }
  }
  return false;
}

Fault read_wishes(const ControlFields& control, RequestHead& out) {
  if (control.expect_other) return Fault::bad_expect;
  const bool has_body = out.body != Body::none;
  out.keep_alive = keeps_alive(control.connection, out.minor);
  out.expect_continue = control.expect_continue && out.minor == 1 && has_body;
  out.upgrade_requested = may_switch(control, out);
  out.trailers_accepted = control.has_te && takes_trailers(out);
  if (out.upgrade_requested) out.upgrade = control.upgrade.value;
  return Fault::none;
}

Fault read_fields(std::string_view lines, const WireLimits& limits, RequestHead& out) {
  Fault fault = parse_field_lines(lines, limits.fields, out.fields);
  if (fault != Fault::none) return fault;
  ControlFields control;
  fault = gather(out.fields, control);
  if (fault == Fault::none) fault = read_host(control.host, out);
  if (fault == Fault::none) fault = read_body(control, limits, out);
  if (fault == Fault::none) fault = read_hops(control.hops, out);
  return fault == Fault::none ? read_wishes(control, out) : fault;
}

}  // namespace

void RequestHead::clear() noexcept {
  std::vector<Field> kept = std::move(fields);
  kept.clear();
  *this = RequestHead{};
  fields = std::move(kept);
}

Fault parse_request_head(std::string_view head, const WireLimits& limits, RequestHead& out) {
  out.clear();
  if (head.size() > limits.head_bytes) return Fault::head_too_large;
  Line line;
  Fault fault = take_line(head, line);
  if (fault == Fault::none) fault = split_request_line(line.text, out);
  if (fault == Fault::none) fault = read_target(limits, out);
  if (fault == Fault::none) fault = read_fields(head, limits, out);
  out.path = out.target == "*" ? "/" : out.target.substr(0, out.target.find('?'));
  return fault;
}

}  // namespace weir::http
