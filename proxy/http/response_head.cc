#include "http/response_head.h"

#include <algorithm>
#include <utility>

#include "http/framing.h"
#include "http/lines.h"
#include "http/octets.h"

namespace weir::http {
namespace {

/// "HTTP/1.1 200 OK" (RFC 9112 §4).
Fault split_status_line(const Line& line, ResponseHead& out) {
  const std::string_view text = line.text;
  if (!text.starts_with("HTTP/")) return Fault::bad_status_line;
  const Fault fault = parse_version(text.substr(0, text.find(' ')), out.minor);
  if (fault != Fault::none) return fault;
  const std::string_view code = text.substr(std::min<std::size_t>(text.size(), 9), 3);
  if (code.size() != 3 || !std::ranges::all_of(code, is_digit)) return Fault::bad_status_line;
  out.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  if (out.status < 100 || out.status > 599) return Fault::bad_status_line;
  const std::string_view rest = text.substr(12);
  if (line.controls || (!rest.empty() && rest.front() != ' ')) return Fault::bad_status_line;
  out.reason = rest.substr(std::min<std::size_t>(rest.size(), 1));
  return Fault::none;
}

bool never_has_body(int status, Method request_method) noexcept {
  return status < 200 || status == 204 || status == 304 || request_method == Method::head;
}

/// RFC 9112 §6.3, for the client's side of a pool connection.
Fault read_body(const ControlFields& control, Method request_method, ResponseHead& out) {
  Framing framing;
  const Fault fault = read_framing(control, out.minor, framing);
  if (fault != Fault::none) return fault;
  const bool no_coding = out.status < 200 || out.status == 204;
  if (framing.chunked && no_coding) return Fault::bad_transfer_encoding;
  if (framing.length > 0 && out.status < 200) return Fault::bad_content_length;
  out.keep_alive = keeps_alive(control.connection, out.minor);
  if (never_has_body(out.status, request_method)) {
    const bool stray_bytes_likely = framing.length > 0 && out.status == 204;
    if (stray_bytes_likely || out.status == 101) out.keep_alive = false;
    return Fault::none;
  }
  out.body = framing.chunked      ? Body::chunked
             : framing.has_length ? Body::length
                                  : Body::until_close;
  out.content_length = framing.length;
  if (out.body == Body::until_close) out.keep_alive = false;
  return Fault::none;
}

/// RFC 9110 §7.8, §15.2.2: Upgrade, and Connection that says so.
bool switches(const ControlFields& control, const ResponseHead& head) noexcept {
  return head.status == 101 && head.minor == 1 && control.connection.upgrade &&
         control.upgrade.count == 1;
}

}  // namespace

void ResponseHead::clear() noexcept {
  std::vector<Field> kept = std::move(fields);
  kept.clear();
  *this = ResponseHead{};
  fields = std::move(kept);
}

Fault parse_response_head(std::string_view head, const WireLimits& limits, Method request_method,
                          ResponseHead& out) {
  out.clear();
  if (head.size() > limits.head_bytes) return Fault::head_too_large;
  Line line;
  Fault fault = take_line(head, line);
  if (fault == Fault::none) fault = split_status_line(line, out);
  if (fault == Fault::none) fault = parse_field_lines(head, limits.fields, out.fields);
  ControlFields control;
  if (fault == Fault::none) fault = gather(out.fields, control);
  if (fault == Fault::none) fault = read_body(control, request_method, out);
  if (fault == Fault::none && switches(control, out)) out.upgrade = control.upgrade.value;
  return fault;
}

}  // namespace weir::http
