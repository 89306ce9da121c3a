#include "http/proxy_protocol.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::http {
namespace {

using Progress = ProxyHeader::Progress;
using namespace std::string_literals;

constexpr std::size_t most = 4096;
const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string binary(std::string start, const std::string& rest) {
  start.push_back(static_cast<char>(rest.size() >> 8));
  start.push_back(static_cast<char>(rest.size() & 0xff));
  return signature + start + rest;
}

const std::string v4 = "\x0a\x01\x02\x03\x0a\0\0\x01\x1f\x90\x01\xbb"s;
const std::string v6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07" +
                       std::string(15, '\0') + "\x01\x1f\x90\x01\xbb";
const std::string unix_paths(216, 'u');
const std::string skipped = "\x20\0\x03xyz"s, empty_tlv = "\x04\0\0"s;

struct Case {
  std::string name, bytes;
  Progress progress = Progress::complete;
  std::string client = "";  ///< empty: none
};

void PrintTo(const Case& shown, std::ostream* out) { *out << shown.name; }

const Case cases[] = {
    {"text_v4", "PROXY TCP4 10.1.2.3 10.0.0.1 8080 443\r\n", Progress::complete, "10.1.2.3"},
    {"text_v6", "PROXY TCP6 2001:db8::7 ::1 0 65535\r\n", Progress::complete, "2001:db8::7"},
    {"text_unknown", "PROXY UNKNOWN\r\n"},
    {"text_unknown_more", "PROXY UNKNOWN ffff::1 ffff::1 1 x\r\n"},
    {"text_other_family", "PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n", Progress::failed},
    {"text_lower_case", "proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n", Progress::failed},
    {"text_two_spaces", "PROXY TCP4  1.1.1.1 1.1.1.1 1 1\r\n", Progress::failed},
    {"text_too_few", "PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n", Progress::failed},
    {"text_too_many", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n", Progress::failed},
    {"text_wrong_family", "PROXY TCP4 ::1 ::1 1 1\r\n", Progress::failed},
    {"text_v6_with_v4", "PROXY TCP6 1.1.1.1 ::1 1 1\r\n", Progress::failed},
    {"text_no_address", "PROXY TCP4 host 1.1.1.1 1 1\r\n", Progress::failed},
    {"text_port_too_large", "PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n", Progress::failed},
    {"text_port_padded", "PROXY TCP4 1.1.1.1 1.1.1.1 080 1\r\n", Progress::failed},
    {"text_port_signed", "PROXY TCP4 1.1.1.1 1.1.1.1 +80 1\r\n", Progress::failed},
    {"text_bare_lf", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n", Progress::failed},
    {"text_bare_cr", "PROXY UNKNOWN\rx\r\n", Progress::failed},
    {"text_endless", "PROXY UNKNOWN " + std::string(93, 'x'), Progress::failed},
    {"http", "GET / HTTP/1.1\r\n", Progress::failed},
    {"tls", "\x16\x03\x01", Progress::failed},
    {"binary_v4", binary("\x21\x11", v4), Progress::complete, "10.1.2.3"},
    {"binary_v6", binary("\x21\x21", v6), Progress::complete, "2001:db8::7"},
    {"binary_unix", binary("\x21\x31", unix_paths)},
    {"binary_unspecified", binary("\x21\0"s, "")},
    {"binary_local", binary("\x20\0"s, "")},
    {"binary_local_with_addresses", binary("\x20\x11", v4)},
    {"binary_with_tlvs", binary("\x21\x11", v4 + skipped + empty_tlv), Progress::complete,
     "10.1.2.3"},
    {"binary_checksum", binary("\x21\x11", v4 + "\x03\0\x04\x5f\x8b\xb3\x93"s), Progress::complete,
     "10.1.2.3"},
    {"binary_wrong_checksum", binary("\x21\x11", v4 + "\x03\0\x04\x00\x00\x00\x00"s),
     Progress::failed},
    {"binary_short_checksum", binary("\x21\x11", v4 + "\x03\0\x01\x00"s), Progress::failed},
    {"binary_cut_tlv", binary("\x21\x11", v4 + "\x20\0"s), Progress::failed},
    {"binary_long_tlv", binary("\x21\x11", v4 + "\x20\0\x09x"s), Progress::failed},
    {"binary_short_addresses", binary("\x21\x11", v4.substr(1)), Progress::failed},
    {"binary_version_1", binary("\x11\x11", v4), Progress::failed},
    {"binary_command_2", binary("\x22\x11", v4), Progress::failed},
    {"binary_family_4", binary("\x21\x41", v4), Progress::failed},
    {"binary_transport_3", binary("\x21\x13", v4), Progress::failed},
    {"binary_datagram", binary("\x21\x12", v4), Progress::failed},
    {"binary_too_long", binary("\x21\x11", v4 + std::string(most, '\0')), Progress::failed},
};

class ProxyHeaders : public testing::TestWithParam<Case> {};

void expect_as_said(const ProxyHeader& read, const Case& said) {
  ASSERT_EQ(read.progress, said.progress) << read.problem;
  EXPECT_EQ(read.problem.empty(), said.progress != Progress::failed);
  if (said.progress != Progress::complete) return;
  EXPECT_EQ(read.size, said.bytes.size());
  EXPECT_EQ(read.client ? read.client->text() : "", said.client);
}

TEST_P(ProxyHeaders, AreReadWholeWithWhatFollows) {
  expect_as_said(read_proxy_header(GetParam().bytes + "GET / HTTP/1.1\r\n\r\n", most), GetParam());
}

TEST_P(ProxyHeaders, AreReadHoweverTheyArrive) {
  const auto& said = GetParam();
  for (std::size_t size = 0; size < said.bytes.size(); ++size) {
    const auto read = read_proxy_header(said.bytes.substr(0, size), most);
    if (read.progress == Progress::need_more) continue;
    // What is wrong may be seen early, and stays wrong; nothing is taken for whole early.
    ASSERT_EQ(read.progress, Progress::failed) << size;
    ASSERT_EQ(said.progress, Progress::failed) << size << ": " << read.problem;
  }
  if (said.name == "tls" || said.name == "http" || said.progress == Progress::complete) {
    expect_as_said(read_proxy_header(said.bytes, most), said);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ProxyHeaders, testing::ValuesIn(cases),
                         [](const auto& tested) { return tested.param.name; });

TEST(ProxyHeaderSize, IsBoundedBeforeItsBytesCome) {
  const auto header = binary("\x21\x11", v4 + std::string(300, '\0'));
  EXPECT_EQ(read_proxy_header(header.substr(0, 16), 232).progress, Progress::failed);
  EXPECT_EQ(read_proxy_header(header.substr(0, 16), 400).progress, Progress::need_more);
}

}  // namespace
}  // namespace weir::http
