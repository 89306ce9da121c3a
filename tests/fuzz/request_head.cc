// A request head: scanned the same in pieces, and forwarded only with one meaning.
#include "http/request_head.h"
#include "http/head_scanner.h"
#include "request_round_trip.h"
#include "require.h"

namespace weir::http {
namespace {

using fuzz::require;
using Progress = HeadScanner::Progress;

WireLimits small_limits() {
  WireLimits limits;
  limits.head_bytes = 256;
  limits.fields = 6;
  limits.target_bytes = 32;
  return limits;
}

void require_same(const HeadScanner& a, const HeadScanner& b, Progress end) {
  require(a.fault() == b.fault() && a.start() == b.start(), "pieces scan as the whole does");
  if (end == Progress::complete) require(a.head_size() == b.head_size(), "and end where it does");
}

void check_scanner(std::string_view bytes, const WireLimits& limits) {
  HeadScanner whole, bytewise;
  const Progress end = whole.scan(bytes, limits);
  Progress progress = Progress::need_more;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    progress = bytewise.scan(bytes.substr(0, size), limits);
    if (progress != Progress::need_more) break;
  }
  require(progress == end, "byte by byte, the same outcome");
  require_same(whole, bytewise, end);
  fuzz::at_cuts(bytes.size(), 32, [&](std::size_t cut) {
    HeadScanner pieces;
    pieces.scan(bytes.substr(0, cut), limits);
    require(pieces.scan(bytes, limits) == end, "cut in two, the same outcome");
    require_same(whole, pieces, end);
  });
  if (end != Progress::complete) return;
  require(whole.start() + whole.head_size() <= bytes.size(), "a head lies in what was fed");
  require(whole.head_size() <= limits.head_bytes, "a head keeps its bound");
}

/// `parse_request_head` relies on no scan: what the scanner refuses, it refuses.
void check_parser(std::string_view bytes, const WireLimits& limits) {
  RequestHead head;
  if (parse_request_head(bytes, limits, head) != Fault::none) return;
  HeadScanner scanner;
  require(scanner.scan(bytes, limits) == Progress::complete, "a valid head is scanned whole");
  require(scanner.start() == 0 && scanner.head_size() == bytes.size(), "and ends where it ends");
  require(head.fields.size() <= limits.fields, "fields keep their bound");
  require(head.target.size() <= limits.target_bytes, "the target keeps its bound");
  require(!head.path.empty() && head.path.front() == '/', "a path is absolute");
  require(head.minor == 0 || !head.host.empty(), "HTTP/1.1 names a host");
  require(head.body != Body::chunked || head.minor == 1, "HTTP/1.0 knows no chunks");
  require(head.body != Body::until_close, "a request never lasts until the close");
}

/// To read is to scan and to parse, whatever `read` spares.
void check_read(std::string_view bytes, const WireLimits& limits) {
  RequestHead head;
  const auto parse = [&](std::string_view part) { return parse_request_head(part, limits, head); };
  HeadScanner scanned, reading;
  const Progress progress = scanned.scan(bytes, limits);
  const auto read = reading.read(bytes, limits, parse);
  require(read.has_value() == (progress != Progress::need_more), "read wants more as a scan does");
  if (progress == Progress::failed) require(*read == scanned.fault(), "and meets its faults");
  if (progress != Progress::complete) return;
  require_same(scanned, reading, progress);
  require(*read == parse(bytes.substr(scanned.start(), scanned.head_size())), "and the parser's");
}

void check_forwarding(std::string_view bytes, const WireLimits& limits) {
  for (const bool trusted : {false, true}) {
    ForwardedFacts facts = tests::facts_of_peer(trusted);
    facts.upgrade = trusted;
    facts.client_asked = !trusted;
    fuzz::require_none(tests::forward_request(bytes, limits, facts).broken);
  }
}

}  // namespace
}  // namespace weir::http

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes = weir::fuzz::text_of(data, size);
  for (const auto& limits : {weir::WireLimits{}, weir::http::small_limits()}) {
    weir::http::check_scanner(bytes, limits);
    weir::http::check_parser(bytes, limits);
    weir::http::check_read(bytes, limits);
    weir::http::check_forwarding(bytes, limits);
  }
  return 0;
}
