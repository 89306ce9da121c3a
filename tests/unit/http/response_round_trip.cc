#include "response_round_trip.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "http/head_scanner.h"
#include "rules.h"

namespace weir::http::tests {
namespace {

namespace beast = boost::beast::http;

WireLimits roomy() {
  WireLimits larger;
  larger.head_bytes = 1 << 20;
  larger.fields = 1'200;
  return larger;
}

std::size_t count(const ResponseHead& head, KnownField known) {
  return static_cast<std::size_t>(std::ranges::count(head.fields, known, &Field::known));
}

void check_meaning(const ResponseHead& received, const ResponseHead& sent, Body outgoing,
                   const ResponseFacts& facts, Rules& rules) {
  rules.hold(sent.status == received.status, "same status");
  rules.hold(sent.reason == received.reason, "same reason");
  rules.hold(sent.upgrade == received.upgrade, "same protocol");
  rules.hold(sent.body == outgoing, "the framing that was chosen");
  rules.hold(sent.content_length == received.content_length, "same length");
  const bool ends = facts.close || outgoing == Body::until_close;
  rules.hold(received.interim() || !ends || !sent.keep_alive, "the close is announced");
}

void check_single_meaning(const ResponseHead& sent, Body outgoing, const ResponseFacts& facts,
                          Rules& rules) {
  const auto at_most = [&](KnownField known, bool there, std::string_view rule) {
    rules.hold(count(sent, known) <= (there ? 1U : 0U), rule);
  };
  const bool tells = outgoing == Body::length || (outgoing == Body::none && sent.status >= 200);
  at_most(KnownField::content_length, tells, "one Content-Length or none");
  at_most(KnownField::transfer_encoding, outgoing == Body::chunked, "one coding or none");
  at_most(KnownField::connection, !sent.interim(), "Connection is ours");
  at_most(KnownField::upgrade, sent.status == 101, "Upgrade is ours");
  for (const KnownField gone : {KnownField::keep_alive, KnownField::te, KnownField::trailer,
                                KnownField::proxy_connection, KnownField::http2_settings}) {
    at_most(gone, false, "fields of one hop are gone");
  }
  const bool named = !facts.version_name.empty() && !sent.interim();
  rules.hold(!named || count(sent, KnownField::x_weir_version) == 1, "one version, and ours");
}

/// Another parser must agree on every byte and on the framing.
void check_beast_agrees(const ResponseHead& received, Method method, Body outgoing,
                        const std::string& bytes, Rules& rules) {
  beast::response_parser<beast::empty_body> judge;
  judge.header_limit(1 << 20);
  judge.body_limit(boost::none);
  judge.skip(method == Method::head);
  boost::system::error_code error;
  const std::size_t used = judge.put(boost::asio::buffer(bytes), error);
  rules.hold(!error || error == beast::error::need_more, "Beast takes it");
  rules.hold(judge.is_header_done() && used == bytes.size(), "Beast takes it whole");
  if (!rules.broken().empty()) return;
  rules.hold(judge.get().result_int() == static_cast<unsigned>(received.status), "Beast's status");
  rules.hold(judge.get().version() == 11U, "Beast's version");
  rules.hold(judge.chunked() == (outgoing == Body::chunked), "Beast's coding");
  if (outgoing == Body::length) {
    rules.hold(judge.content_length() == received.content_length, "Beast's length");
  }
  if (outgoing == Body::until_close) rules.hold(!judge.content_length(), "Beast's end");
}

}  // namespace

ResponseTrip relay_response(std::string_view bytes, const WireLimits& limits, Method method,
                            const ResponseFacts& facts) {
  HeadScanner scanner(HeadScanner::Kind::response);
  if (scanner.scan(bytes, limits) != HeadScanner::Progress::complete) return {};
  ResponseHead received, sent;
  const std::string_view head = bytes.substr(0, scanner.head_size());
  if (parse_response_head(head, limits, method, received) != Fault::none) return {};
  if (received.status == 101 && received.upgrade.empty()) return {};  // answered 502
  std::string out;
  const Body outgoing = outgoing_framing(received.body, facts.client_http10);
  write_response_head(received, outgoing, facts, out);
  Rules rules;
  rules.hold(has_plain_line_ends(out), "no bare CR or LF, no NUL");
  rules.hold(parse_response_head(out, roomy(), method, sent) == Fault::none, "valid again");
  check_meaning(received, sent, outgoing, facts, rules);
  check_single_meaning(sent, outgoing, facts, rules);
  check_beast_agrees(received, method, outgoing, out, rules);
  return {true, rules.broken()};
}

}  // namespace weir::http::tests
