#include "request_cases.h"

namespace weir::http::tests {
namespace {

struct Part {
  std::string text;
  Fault fault = Fault::none;
  Body body = Body::none;
};

std::vector<Part> request_lines() {
  return {
      {"GET / HTTP/1.1"},
      {"GET /a/b?c=d&e HTTP/1.1"},
      {"GET //a//b HTTP/1.1"},
      {"GET /../../etc HTTP/1.1"},
      {"GET /%2e%2e/%00 HTTP/1.1"},
      {"GET /a|b\"<>^`{}\\ HTTP/1.1"},
      {"HEAD / HTTP/1.1"},
      {"DELETE /x HTTP/1.0"},
      {"OPTIONS * HTTP/1.1"},
      {"OPTIONS /x HTTP/1.1"},
      {"M-SEARCH /x HTTP/1.1"},
      {"get / HTTP/1.1"},
      {"TRACE / HTTP/1.1"},
      {"GET http://a/x HTTP/1.1"},
      {"GET HTTP://A/x?y HTTP/1.1"},
      {"GET https://a HTTP/1.1"},
      {"OPTIONS http://a HTTP/1.1"},
      {"GET", Fault::bad_request_line},
      {"GET /", Fault::bad_request_line},
      {"GET  / HTTP/1.1", Fault::bad_request_line},
      {"GET /  HTTP/1.1", Fault::bad_request_line},
      {"GET / HTTP/1.1 ", Fault::bad_request_line},
      {"GET /a b HTTP/1.1", Fault::bad_request_line},
      {" GET / HTTP/1.1", Fault::bad_request_line},
      {"GET\t/ HTTP/1.1", Fault::bad_method},
      {"G\x01T / HTTP/1.1", Fault::bad_method},
      {"G(T / HTTP/1.1", Fault::bad_method},
      {"G\xc3\xa9T / HTTP/1.1", Fault::bad_method},
      {"\x16\x03\x01\x02", Fault::bad_method},
      {"GET:/ HTTP/1.1", Fault::bad_method},
      {"GET x HTTP/1.1", Fault::bad_target},
      {"GET * HTTP/1.1", Fault::bad_target},
      {"OPTIONS ** HTTP/1.1", Fault::bad_target},
      {"GET /a#b HTTP/1.1", Fault::bad_target},
      {"GET /\xc3\xa9 HTTP/1.1", Fault::bad_target},
      {"GET /\x7f HTTP/1.1", Fault::bad_target},
      {"GET /\x01 HTTP/1.1", Fault::bad_target},
      {"GET /\t HTTP/1.1", Fault::bad_target},
      {"GET a:80 HTTP/1.1", Fault::bad_target},
      {"GET ftp://a/ HTTP/1.1", Fault::bad_target},
      {"GET http:///x HTTP/1.1", Fault::bad_target},
      {"GET http:/a/x HTTP/1.1", Fault::bad_target},
      {"GET http://u@a/x HTTP/1.1", Fault::bad_target},
      {"GET http://a:x/ HTTP/1.1", Fault::bad_target},
      {"GET http://a?q HTTP/1.1", Fault::bad_target},
      {"GET http://b/x HTTP/1.1", Fault::host_mismatch},
      {"GET http://a:80/x HTTP/1.1", Fault::host_mismatch},
      {"GET http://b/x HTTP/1.0", Fault::host_mismatch},
      {"CONNECT a:443 HTTP/1.1", Fault::connect_not_supported},
      {"CONNECT / HTTP/1.1", Fault::connect_not_supported},
      {"GET / HTTP/2.0", Fault::version_not_supported},
      {"GET / HTTP/0.9", Fault::version_not_supported},
      {"GET / HTTP/1.2", Fault::version_not_supported},
      {"GET / HTTP/3.1", Fault::version_not_supported},
      {"PRI * HTTP/2.0", Fault::version_not_supported},
      {"GET / http/1.1", Fault::bad_version},
      {"GET / HTTP/1", Fault::bad_version},
      {"GET / HTTP/1.10", Fault::bad_version},
      {"GET / HTTP/11.1", Fault::bad_version},
      {"GET / HTTP/1,1", Fault::bad_version},
      {"GET / HTTP/ 1.1", Fault::bad_request_line},
      {"GET / HTTP/1.1\t", Fault::bad_version},
      {"GET / HTTPS/1.1", Fault::bad_version},
      {"GET / ", Fault::bad_version},
      {"GET / HTTP/1.1\rX", Fault::bare_cr},
      {"GET /\nX: HTTP/1.1", Fault::bare_lf},
      {bytes("GET /\0 HTTP/1.1"), Fault::nul_byte},
      {"GET /" + std::string(20'000, 'a') + " HTTP/1.1", Fault::target_too_long},
      {"GET /" + std::string(20'000, 'a'), Fault::target_too_long},
      {std::string(70'000, 'G'), Fault::head_too_large},
      {"GET /" + std::string(8 * 1024 - 1, 'a') + " HTTP/1.1"},
  };
}

std::vector<Part> fields_after_a_host() {
  return {
      {"Empty:"},
      {"Tab:\ta\tb\t"},
      {"Text: \x80\xff caf\xc3\xa9"},
      {"!#$%&'*+-.^_`|~09azAZ: token"},
      {"Under_score: 1"},
      {"Content-Length: 0", Fault::none, Body::length},
      {"Content-Length:5", Fault::none, Body::length},
      {"content-LENGTH: \t5 \t", Fault::none, Body::length},
      {"Content-Length: 9999999999999999999", Fault::none, Body::length},
      {"Transfer-Encoding: chunked", Fault::none, Body::chunked},
      {"transfer-encoding:  ChUnKeD ", Fault::none, Body::chunked},
      {"Expect: 100-Continue"},
      {"Content_Length: 7"},
      {"Transfer_Encoding: chunked"},
      {"Connection: Host, Content-Length, X-Forwarded-For"},
      {"Upgrade: websocket\r\nConnection: Upgrade"},
      {"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 3", Fault::none, Body::length},
      {" Folded: first", Fault::obs_fold},
      {"A: b\r\n folded", Fault::obs_fold},
      {"A: b\r\n\tfolded", Fault::obs_fold},
      {"A: b\r\n \r\nC: d", Fault::obs_fold},
      {"A : b", Fault::bad_field_name},
      {"A\t: b", Fault::bad_field_name},
      {": b", Fault::bad_field_name},
      {"no colon", Fault::bad_field_name},
      {"A", Fault::bad_field_name},
      {"A(b): c", Fault::bad_field_name},
      {"A\xc3\xa9: c", Fault::bad_field_name},
      {"A\x01: c", Fault::bad_field_name},
      {"A\x7f: c", Fault::bad_field_name},
      {"Transfer-Encoding : chunked", Fault::bad_field_name},
      {"Transfer-Encoding\x0b: chunked", Fault::bad_field_name},
      {"A: \x01", Fault::bad_field_value},
      {"A: b\x0b", Fault::bad_field_value},
      {"A: b\x0c", Fault::bad_field_value},
      {"A: \x7f", Fault::bad_field_value},
      {"A: \x1b[2J", Fault::bad_field_value},
      {"Transfer-Encoding: \x0b"
       "chunked",
       Fault::bad_field_value},
      {bytes("A: b\0c"), Fault::nul_byte},
      {bytes("A\0: c"), Fault::nul_byte},
      {"A: b\nC: d", Fault::bare_lf},
      {"A: b\n\nGET /evil HTTP/1.1", Fault::bare_lf},
      {"A: b\rC: d", Fault::bare_cr},
      {"A: b\r\rC: d", Fault::bare_cr},
      {"Content-Length: 5\r", Fault::bare_cr},
      {"Host: a", Fault::duplicate_host},
      {"Host: b", Fault::duplicate_host},
      {"Content-Length:", Fault::bad_content_length},
      {"Content-Length: 5, 5", Fault::bad_content_length},
      {"Content-Length: 5,", Fault::bad_content_length},
      {"Content-Length: 5 5", Fault::bad_content_length},
      {"Content-Length: 005", Fault::bad_content_length},
      {"Content-Length: 00", Fault::bad_content_length},
      {"Content-Length: +5", Fault::bad_content_length},
      {"Content-Length: -5", Fault::bad_content_length},
      {"Content-Length: 0x5", Fault::bad_content_length},
      {"Content-Length: 5.0", Fault::bad_content_length},
      {"Content-Length: 5e1", Fault::bad_content_length},
      {"Content-Length: \"5\"", Fault::bad_content_length},
      {"Content-Length: 10000000000000000000", Fault::bad_content_length},
      {"Content-Length: \xd9\xa5", Fault::bad_content_length},
      {"Content-Length: 5\r\nContent-Length: 5", Fault::duplicate_content_length},
      {"Content-Length: 5\r\ncontent-length: 6", Fault::duplicate_content_length},
      {"Content-Length: 5\r\nTransfer-Encoding: chunked", Fault::length_with_chunked},
      {"Transfer-Encoding: chunked\r\nContent-Length: 5", Fault::length_with_chunked},
      {"Transfer-Encoding: gzip\r\nContent-Length: 5", Fault::length_with_chunked},
      {"Transfer-Encoding: gzip", Fault::unknown_transfer_coding},
      {"Transfer-Encoding: xchunked", Fault::unknown_transfer_coding},
      {"Transfer-Encoding: identity", Fault::unknown_transfer_coding},
      {"Transfer-Encoding: gzip, chunked", Fault::unknown_transfer_coding},
      {"Transfer-Encoding: gzip;q=1", Fault::unknown_transfer_coding},
      {"Transfer-Encoding:", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: ,", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: ,chunked", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked,", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked, gzip", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked, chunked", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked;q=1", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: \"chunked\"", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked\xff", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", Fault::bad_transfer_encoding},
      {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", Fault::bad_transfer_encoding},
      {"Expect: 200-ok", Fault::bad_expect},
      {"Expect:", Fault::bad_expect},
      {"Expect: 100-continue, x", Fault::bad_expect},
      {"Expect: 100-continue\r\nExpect: x", Fault::bad_expect},
      {"Connection: " + std::string(65, ','), Fault::too_many_connection_options},
      {"A: " + std::string(70'000, 'b'), Fault::head_too_large},
  };
}

std::string many_fields(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += "A:\r\n";
  return lines;
}

std::vector<Part> whole_heads() {
  const std::string get = "GET / HTTP/1.1\r\n", old = "GET / HTTP/1.0\r\n";
  return {
      {"\r\n" + get + "Host: a\r\n\r\n"},
      {"\r\n\r\n" + get + "Host: a\r\n\r\n", Fault::bad_request_line},
      {"\n" + get + "Host: a\r\n\r\n", Fault::bare_lf},
      {"\r" + get + "Host: a\r\n\r\n", Fault::bare_cr},
      {get + "Host: a.example:8080\r\n\r\n"},
      {get + "Host: 10.0.0.1\r\n\r\n"},
      {get + "Host: [2001:db8::1]:80\r\n\r\n"},
      {get + "host:a_b.~-\r\n\r\n"},
      {get + "\r\n", Fault::missing_host},
      {"GET http://a/ HTTP/1.1\r\n\r\n", Fault::missing_host},
      {get + "Host:\r\n\r\n", Fault::bad_host},
      {get + "Host: a,b\r\n\r\n", Fault::bad_host},
      {get + "Host: a b\r\n\r\n", Fault::bad_host},
      {get + "Host: a/b\r\n\r\n", Fault::bad_host},
      {get + "Host: u@a\r\n\r\n", Fault::bad_host},
      {get + "Host: http://a\r\n\r\n", Fault::bad_host},
      {get + "Host: a%41\r\n\r\n", Fault::bad_host},
      {get + "Host: \xc3\xa9\r\n\r\n", Fault::bad_host},
      {get + "Host: a:\r\n\r\n", Fault::bad_host},
      {get + "Host: a:0\r\n\r\n", Fault::bad_host},
      {get + "Host: a:65536\r\n\r\n", Fault::bad_host},
      {get + "Host: a:80:80\r\n\r\n", Fault::bad_host},
      {get + "Host: :80\r\n\r\n", Fault::bad_host},
      {get + "Host: [::1\r\n\r\n", Fault::bad_host},
      {get + "Host: [::1]x\r\n\r\n", Fault::bad_host},
      {get + "Host: [10.0.0.1]\r\n\r\n", Fault::bad_host},
      {get + "Host: [fe80::1%eth0]\r\n\r\n", Fault::bad_host},
      {get + "Host: a\r\nHost: a\r\n\r\n", Fault::duplicate_host},
      {old + "\r\n"},
      {"GET http://a/x HTTP/1.0\r\n\r\n"},
      {old + "Content-Length: 3\r\n\r\n", Fault::none, Body::length},
      {old + "Expect: 100-continue\r\n\r\n"},
      {old + "Host: a\r\nHost: b\r\n\r\n", Fault::duplicate_host},
      {old + "Transfer-Encoding: chunked\r\n\r\n", Fault::chunked_on_http10},
      {old + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", Fault::length_with_chunked},
      {get + "Host: a\r\n" + many_fields(99) + "\r\n"},
      {get + "Host: a\r\n" + many_fields(100) + "\r\n", Fault::too_many_fields},
      {get + many_fields(1600) + "Host: a\r\n\r\n", Fault::too_many_fields},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Fault::version_not_supported},
  };
}

std::vector<Part> hops_of_options() {
  return {
      {"Max-Forwards: 2"},
      {"Max_Forwards: 0"},
      {"Max-Forwards: 0", Fault::no_hops_left},
      {"Max-Forwards: 000", Fault::no_hops_left},
      {"Max-Forwards:", Fault::bad_max_forwards},
      {"Max-Forwards: -1", Fault::bad_max_forwards},
      {"Max-Forwards: x", Fault::bad_max_forwards},
      {"Max-Forwards: 1, 1", Fault::bad_max_forwards},
      {"Max-Forwards: 1\r\nMax-Forwards: 1", Fault::bad_max_forwards},
  };
}

std::vector<RequestCase> build() {
  std::vector<RequestCase> cases;
  for (const Part& part : request_lines()) {
    cases.push_back({part.text + "\r\nHost: a\r\n\r\n", part.fault, part.body});
  }
  for (const Part& part : fields_after_a_host()) {
    cases.push_back(
        {"POST /x HTTP/1.1\r\nHost: a\r\n" + part.text + "\r\n\r\n", part.fault, part.body});
  }
  for (const Part& part : hops_of_options()) {
    cases.push_back({"OPTIONS * HTTP/1.1\r\nHost: a\r\n" + part.text + "\r\n\r\n", part.fault});
  }
  for (const Part& part : whole_heads()) cases.push_back({part.text, part.fault, part.body});
  return cases;
}

}  // namespace

const std::vector<RequestCase>& request_cases() {
  static const std::vector<RequestCase> cases = build();
  return cases;
}

}  // namespace weir::http::tests
