#include "request_round_trip.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "http/head_scanner.h"
#include "rules.h"

namespace weir::http::tests {
namespace {

namespace beast = boost::beast::http;

/// Forwarding adds fields and lengthens lists, so its result is read with more room.
WireLimits roomy() {
  WireLimits larger;
  larger.head_bytes = 1 << 20;
  larger.fields = 1'200;
  larger.target_bytes = 64 * 1024;
  return larger;
}

std::size_t count(const RequestHead& head, KnownField known) {
  return static_cast<std::size_t>(std::ranges::count(head.fields, known, &Field::known));
}

void check_meaning(const RequestHead& received, const RequestHead& sent, Rules& rules) {
  rules.hold(sent.method_text == received.method_text, "same method");
  rules.hold(sent.target == received.target, "same target");
  rules.hold(sent.body == received.body, "same framing");
  rules.hold(sent.content_length == received.content_length, "same length");
  rules.hold(sent.host == (received.host.empty() ? "localhost" : received.host), "same host");
  rules.hold(sent.expect_continue == received.expect_continue, "same expectation");
}

void check_single_meaning(const RequestHead& received, const RequestHead& sent,
                          const ForwardedFacts& facts, Rules& rules) {
  const auto number = [&](KnownField known, bool there, std::string_view rule) {
    rules.hold(count(sent, known) == (there ? 1U : 0U), rule);
  };
  const bool switches = facts.upgrade && received.upgrade_requested;
  number(KnownField::host, true, "one Host");
  number(KnownField::x_forwarded_for, true, "one X-Forwarded-For");
  number(KnownField::x_forwarded_proto, true, "one X-Forwarded-Proto");
  number(KnownField::content_length, sent.body == Body::length, "one Content-Length or none");
  number(KnownField::transfer_encoding, sent.body == Body::chunked, "one coding or none");
  number(KnownField::client_certificate, facts.client_asked, "certificate fields are ours");
  number(KnownField::connection, switches, "Connection is ours");
  number(KnownField::upgrade, switches, "Upgrade is ours");
  for (const KnownField gone : {KnownField::keep_alive, KnownField::te, KnownField::alias,
                                KnownField::forwarded, KnownField::http2_settings}) {
    number(gone, false, "fields of one hop, aliases and Forwarded are gone");
  }
}

void check_addresses(const RequestHead& sent, const ForwardedFacts& facts, Rules& rules) {
  const auto chain = single_value(sent.fields, KnownField::x_forwarded_for).value_or("");
  if (facts.peer_trusted) {
    rules.hold(chain.ends_with(facts.peer_text), "a trusted peer is last of the chain");
  } else {
    rules.hold(chain == facts.client_text, "who is not trusted says nothing of addresses");
    rules.hold(count(sent, KnownField::forwarded_claim) == 0, "nor of anything else");
  }
}

/// Another parser must agree on every byte and on the framing.
void check_beast_agrees(const RequestHead& received, const std::string& bytes, Rules& rules) {
  beast::request_parser<beast::empty_body> judge;
  judge.header_limit(1 << 20);
  judge.body_limit(boost::none);
  boost::system::error_code error;
  const std::size_t used = judge.put(boost::asio::buffer(bytes), error);
  rules.hold(!error || error == beast::error::need_more, "Beast takes it");
  rules.hold(judge.is_header_done() && used == bytes.size(), "Beast takes it whole");
  if (!rules.broken().empty()) return;
  const auto text = [](boost::beast::string_view view) { return std::string(view); };
  rules.hold(text(judge.get().method_string()) == received.method_text, "Beast's method");
  rules.hold(text(judge.get().target()) == received.target, "Beast's target");
  rules.hold(judge.get().version() == 11U, "Beast's version");
  rules.hold(judge.chunked() == (received.body == Body::chunked), "Beast's coding");
  rules.hold(judge.content_length().has_value() == (received.body == Body::length) &&
                 judge.content_length().value_or(0) == received.content_length,
             "Beast's length");
}

}  // namespace

ForwardedFacts facts_of_peer(bool trusted) {
  return {.client_text = "203.0.113.9",
          .peer_text = "198.51.100.1",
          .peer_trusted = trusted,
          .scheme = "https",
          .request_id = "ours",
          .traceparent = "00-11111111111111111111111111111111-2222222222222222-00"};
}

RequestTrip forward_request(std::string_view bytes, const WireLimits& limits,
                            const ForwardedFacts& facts) {
  HeadScanner scanner;
  if (scanner.scan(bytes, limits) != HeadScanner::Progress::complete) return {};
  RequestHead received, sent;
  const std::string_view head = bytes.substr(scanner.start(), scanner.head_size());
  if (parse_request_head(head, limits, received) != Fault::none) return {};
  std::string out;
  write_request_head(received, facts, out);
  Rules rules;
  rules.hold(has_plain_line_ends(out), "no bare CR or LF, no NUL");
  check_beast_agrees(received, out, rules);
  const Fault again = parse_request_head(out, roomy(), sent);
  const bool last_hop = received.hops_left == 0U;  // the next one answers by itself
  rules.hold(again == (last_hop ? Fault::no_hops_left : Fault::none), "valid again");
  if (last_hop) return {true, rules.broken()};
  check_meaning(received, sent, rules);
  check_single_meaning(received, sent, facts, rules);
  check_addresses(sent, facts, rules);
  return {true, rules.broken()};
}

}  // namespace weir::http::tests
