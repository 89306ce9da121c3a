#include "http/head_writer.h"
#include "http/hop_by_hop.h"

namespace weir::http {
namespace {

void append_line(const ResponseHead& head, std::string& out) {
  out.append("HTTP/1.1 ")
      .append({static_cast<char>('0' + head.status / 100),
               static_cast<char>('0' + head.status / 10 % 10),
               static_cast<char>('0' + head.status % 10), ' '});
  out.append(head.reason).append("\r\n");
}

/// Where no body follows, Content-Length tells of the body a GET would have had.
bool describes_absent_body(const ResponseHead& head, Body outgoing) noexcept {
  return outgoing == Body::none && head.status >= 200 && head.status != 204;
}

bool passes(const Field& field, const ResponseHead& head, Body outgoing, bool names_version,
            const Nominations& nominated) {
  if (is_hop_by_hop(field.known)) return false;
  if (field.known == KnownField::content_length) return describes_absent_body(head, outgoing);
  if (field.known == KnownField::x_weir_version) return !names_version;
  return !nominated.strike(field);
}

void append_connection(const ResponseHead& head, Body outgoing, const ResponseFacts& facts,
                       std::string& out) {
  if (head.status == 101) {
    append_field("Connection", "upgrade", out);
    append_field("Upgrade", head.upgrade, out);
  } else if (facts.close || outgoing == Body::until_close) {
    append_field("Connection", "close", out);
  } else if (facts.client_http10) {
    append_field("Connection", "keep-alive", out);
  }
}

void append_facts(const ResponseFacts& facts, std::string& out) {
  if (!facts.version_name.empty()) append_field("X-Weir-Version", facts.version_name, out);
  if (!facts.set_cookie.empty()) append_field("Set-Cookie", facts.set_cookie, out);
}

}  // namespace

Body outgoing_framing(Body incoming, bool client_http10) noexcept {
  if (incoming == Body::none || incoming == Body::length) return incoming;
  return client_http10 ? Body::until_close : Body::chunked;
}

void write_response_head(const ResponseHead& head, Body outgoing, const ResponseFacts& facts,
                         std::string& out) {
  out.clear();
  append_line(head, out);
  const Nominations nominated(head.fields);
  const bool names_version = !facts.version_name.empty();
  append_passing(
      head.fields,
      [&](const Field& field) { return passes(field, head, outgoing, names_version, nominated); },
      out);
  append_via(head.minor, out);
  if (!head.interim()) {
    append_facts(facts, out);
    append_connection(head, outgoing, facts, out);
    if (outgoing == Body::length) append_number("Content-Length", head.content_length, out);
    if (outgoing == Body::chunked) append_field("Transfer-Encoding", "chunked", out);
  }
  out.append("\r\n");
}

}  // namespace weir::http
