// A response head: scanned the same in pieces, and relayed only with one meaning.
#include "http/response_head.h"

#include "http/head_scanner.h"
#include "require.h"
#include "response_round_trip.h"

namespace weir::http {
namespace {

using fuzz::require;
using Kind = HeadScanner::Kind;
using Progress = HeadScanner::Progress;

WireLimits small_limits() {
  WireLimits limits;
  limits.head_bytes = 256;
  limits.fields = 6;
  return limits;
}

void check_scanner(std::string_view bytes, const WireLimits& limits) {
  HeadScanner whole(Kind::response);
  const Progress end = whole.scan(bytes, limits);
  require(whole.start() == 0, "no empty line may come before a response");
  if (end == Progress::complete) require(whole.head_size() <= bytes.size(), "in what was fed");
  fuzz::at_cuts(bytes.size(), 64, [&](std::size_t cut) {
    HeadScanner pieces(Kind::response);
    pieces.scan(bytes.substr(0, cut), limits);
    require(pieces.scan(bytes, limits) == end, "cut in two, the same outcome");
    require(pieces.fault() == whole.fault(), "and the same fault");
    if (end == Progress::complete) require(pieces.head_size() == whole.head_size(), "and end");
  });
}

void check_parser(std::string_view bytes, const WireLimits& limits, Method method) {
  ResponseHead head;
  if (parse_response_head(bytes, limits, method, head) != Fault::none) return;
  HeadScanner scanner(Kind::response);
  require(scanner.scan(bytes, limits) == Progress::complete, "a valid head is scanned whole");
  require(scanner.head_size() == bytes.size(), "and ends where it ends");
  require(head.status >= 100 && head.status <= 599, "a status of three digits, 1xx to 5xx");
  require(head.fields.size() <= limits.fields, "fields keep their bound");
  require(head.body != Body::until_close || !head.keep_alive, "the close ends one body at most");
  require(head.body != Body::chunked || head.minor == 1, "HTTP/1.0 knows no chunks");
  const bool bodiless = head.status < 200 || head.status == 204 || head.status == 304;
  require(!bodiless || head.body == Body::none, "no body where none may be");
  require(method != Method::head || head.body == Body::none, "no body after HEAD");
}

/// To read is to scan and to parse, whatever `read` spares.
void check_read(std::string_view bytes, const WireLimits& limits, Method method) {
  ResponseHead head;
  const auto parse = [&](std::string_view part) {
    return parse_response_head(part, limits, method, head);
  };
  HeadScanner scanned(Kind::response), reading(Kind::response);
  const Progress progress = scanned.scan(bytes, limits);
  const auto read = reading.read(bytes, limits, parse);
  require(read.has_value() == (progress != Progress::need_more), "read wants more as a scan does");
  if (progress == Progress::failed) require(*read == scanned.fault(), "and meets its faults");
  if (progress != Progress::complete) return;
  require(scanned.head_size() == reading.head_size(), "and ends where it does");
  require(*read == parse(bytes.substr(0, scanned.head_size())), "and has the parser's word");
}

void check_relaying(std::string_view bytes, const WireLimits& limits, Method method) {
  for (const bool close : {false, true}) {
    const ResponseFacts facts{.close = close,
                              .client_http10 = !close && method == Method::get,
                              .version_name = close ? "green" : "",
                              .set_cookie = close ? "" : "weir_key=x; Path=/"};
    fuzz::require_none(tests::relay_response(bytes, limits, method, facts).broken);
  }
}

}  // namespace
}  // namespace weir::http

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using weir::http::Method;
  const std::string_view bytes = weir::fuzz::text_of(data, size);
  for (const auto& limits : {weir::WireLimits{}, weir::http::small_limits()}) {
    weir::http::check_scanner(bytes, limits);
    for (const Method method : {Method::get, Method::post, Method::head}) {
      weir::http::check_parser(bytes, limits, method);
      weir::http::check_read(bytes, limits, method);
      weir::http::check_relaying(bytes, limits, method);
    }
  }
  return 0;
}
