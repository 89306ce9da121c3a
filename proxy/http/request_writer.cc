#include <optional>

#include "http/head_writer.h"
#include "http/hop_by_hop.h"
#include "http/host.h"
#include "http/protocols.h"

namespace weir::http {
namespace {

void append_line(const RequestHead& head, const ForwardedFacts& facts, std::string& out) {
  out.append(head.method_text).append(" ").append(head.target).append(" HTTP/1.1\r\n");
  append_field("Host", head.host.empty() ? facts.default_host : head.host, out);
}

bool passes(const Field& field, const RequestHead& head, bool peer_trusted, bool keeps_trace,
            const Nominations& nominated) {
  switch (field.known) {
    case KnownField::other:
      return !nominated.strike(field);
    case KnownField::authorization:
    case KnownField::cookie:
    case KnownField::set_cookie:
    case KnownField::via:
    case KnownField::x_weir_version:
      return true;
    case KnownField::forwarded_claim:
      return peer_trusted;
    case KnownField::max_forwards:
      return !head.hops_left;
    case KnownField::tracestate:
      return keeps_trace;
    default:
      return false;
  }
}

void append_forwarded_for(const RequestHead& head, const ForwardedFacts& facts, std::string& out) {
  out.append("X-Forwarded-For: ");
  if (facts.peer_trusted) {
    for (const Field& field : head.fields) {
      if (field.known != KnownField::x_forwarded_for || field.value.empty()) continue;
      out.append(field.value).append(", ");
    }
  }
  out.append(facts.peer_trusted ? facts.peer_text : facts.client_text).append("\r\n");
}

bool is_scheme(std::string_view text) noexcept {
  return equal_names(text, "http") || equal_names(text, "https");
}

void append_forwarded(const RequestHead& head, const ForwardedFacts& facts, std::string& out) {
  append_forwarded_for(head, facts, out);
  const auto host =
      facts.peer_trusted ? single_value(head.fields, KnownField::x_forwarded_host) : std::nullopt;
  append_field("X-Forwarded-Proto", forwarded_scheme(head, facts.peer_trusted, facts.scheme), out);
  if (host && is_valid_host(*host)) {
    append_field("X-Forwarded-Host", *host, out);
  } else if (!head.host.empty()) {
    append_field("X-Forwarded-Host", head.host, out);
  }
}

void append_client_certificate(const ForwardedFacts& facts, std::string& out) {
  append_field("X-Client-Cert-Verified", facts.client != nullptr ? "true" : "false", out);
  if (facts.client == nullptr) return;
  const auto& [subject, san, fingerprint] = *facts.client;
  if (!subject.empty()) append_field("X-Client-Cert-Subject", subject, out);
  if (!san.empty()) append_field("X-Client-Cert-SAN", san, out);
  append_field("X-Client-Cert-Fingerprint", fingerprint, out);
}

void append_framing(const RequestHead& head, std::string& out) {
  if (head.expect_continue) append_field("Expect", "100-continue", out);
  if (head.body == Body::length) append_number("Content-Length", head.content_length, out);
  if (head.body == Body::chunked) append_field("Transfer-Encoding", "chunked", out);
}

}  // namespace

std::string_view forwarded_scheme(const RequestHead& head, bool peer_trusted,
                                  std::string_view scheme) noexcept {
  if (!peer_trusted) return scheme;
  const auto claimed = single_value(head.fields, KnownField::x_forwarded_proto);
  return claimed && is_scheme(*claimed) ? *claimed : scheme;
}

void write_request_head(const RequestHead& head, const ForwardedFacts& facts, std::string& out) {
  out.clear();
  append_line(head, facts, out);
  const Nominations nominated(head.fields);
  const std::string_view trace = client_traceparent(head), id = client_request_id(head);
  append_passing(
      head.fields,
      [&](const Field& field) {
        return passes(field, head, facts.peer_trusted, !trace.empty(), nominated);
      },
      out);
  append_via(head.minor, out);
  append_forwarded(head, facts, out);
  if (facts.client_asked) append_client_certificate(facts, out);
  const std::string_view sent_id = id.empty() ? facts.request_id : id;
  const std::string_view sent_trace = trace.empty() ? facts.traceparent : trace;
  if (!sent_id.empty()) append_field("X-Request-Id", sent_id, out);
  if (!sent_trace.empty()) append_field("traceparent", sent_trace, out);
  if (head.hops_left) append_number("Max-Forwards", *head.hops_left, out);
  append_framing(head, out);
  if (facts.upgrade && head.upgrade_requested) {
    append_field("Connection", "upgrade", out);
    append_offer(head.upgrade, out);
  }
  out.append("\r\n");
}

std::string copy_of_head(std::string_view written) {
  constexpr std::string_view end = "\r\n";
  std::string copy(written.substr(0, written.size() - end.size()));
  append_field("X-Weir-Mirrored", "1", copy);
  return copy.append(end);
}

}  // namespace weir::http
