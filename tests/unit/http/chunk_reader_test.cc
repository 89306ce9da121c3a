#include "http/chunk_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "chunk_reading.h"
#include "http/chunk_writer.h"

namespace weir::http {
namespace {

using Progress = ChunkReader::Progress;
using tests::feed;
using tests::read;
using tests::Reading;

struct ChunkCase {
  std::string bytes;
  Fault fault = Fault::none;
  std::string body{}, trailers{};
};

WireLimits small_limits() {
  WireLimits limits;
  limits.chunk_line_bytes = 32;
  limits.trailer_bytes = 64;
  limits.fields = 3;
  limits.body_bytes = 40;
  return limits;
}

std::vector<ChunkCase> extension_cases() {
  using enum Fault;
  return {
      {"1;a\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;a=b\r\nx\r\n0;c\r\n\r\n", none, "x"},
      {"1 ; a = b ;c\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1\t;\ta\t=\t\"b\"\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;a=\"q \\\" ;,\\\\\"\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;a=\"\xc3\xa9\";d=e;f\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;a=\"\" ;b\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;" + std::string(30, 'a') + "\r\nx\r\n0\r\n\r\n", none, "x"},
      {"1;" + std::string(31, 'a') + "\r\nx\r\n0\r\n\r\n", chunk_line_too_long},
      {"1;" + std::string(1'000, 'a'), chunk_line_too_long},
      {"1 \r\nx\r\n0\r\n\r\n", bad_chunk},
      {"1;\r\nx\r\n0\r\n\r\n", bad_chunk},
      {"1;;a\r\n", bad_chunk},
      {"1;a=\r\n", bad_chunk},
      {"1;a =b c\r\n", bad_chunk},
      {"1;a b\r\n", bad_chunk},
      {"1;a \r\n", bad_chunk},
      {"1;a=b \r\n", bad_chunk},
      {"1;=b\r\n", bad_chunk},
      {"1;a=\"b\r\n", bad_chunk},
      {"1;a=\"b\"c\r\n", bad_chunk},
      {"1;a=\"\\\x01\"\r\n", bad_chunk},
      {"1;a\x01\r\n", bad_chunk},
      {"1;a\x7f\r\n", bad_chunk},
      {"1 \x01;a\r\nx\r\n0\r\n\r\n", bad_chunk},
      {"1;a=\"b\"\x01;c\r\nx\r\n0\r\n\r\n", bad_chunk},
      {"1;\x01"
       "a\r\n",
       bad_chunk},
      {"1;a\rX\nx\r\n", bare_cr},
      {"1;a\nx\r\n", bare_lf},
      {"1;a=\"\n\"\r\n", bare_lf},
      {std::string("1;a\0\r\n", 6), nul_byte},
  };
}

std::vector<ChunkCase> trailer_cases() {
  using enum Fault;
  const std::string end = "0\r\n";
  return {
      {end + "Checksum: abc\r\n\r\n", none, "", "Checksum: abc\r\n"},
      {end + "A:\t b \r\ngrpc-status:0\r\n\r\n", none, "", "A: b\r\ngrpc-status: 0\r\n"},
      {end + "Content-Length: 5\r\nHost: a\r\nA: b\r\n\r\n", none, "", "A: b\r\n"},
      {end + "Transfer-Encoding: chunked\r\nAuthorization: x\r\n\r\n", none, "", ""},
      {end + "Set-Cookie: x\r\nCookie: y\r\nX_Forwarded_For: z\r\n\r\n", none, "", ""},
      {end + "Content-Type: x\r\nSec-Fetch-Mode: y\r\nIf-Match: z\r\n\r\n", none, "", ""},
      {end + "Connection: x\r\nCache-Control: y\r\nLocation: z\r\n\r\n", none, "", ""},
      {end + "Proxy_Authorization: x\r\nContent.Range: y\r\nVia: z\r\n\r\n", none, "", ""},
      {end + "X-Weir-Version: x\r\nX-HTTP-Method_Override: y\r\nTE: z\r\n\r\n", none, "", ""},
      {end + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", trailers_too_large},
      {end + "A: " + std::string(62, 'a') + "\r\n\r\n", trailers_too_large},
      {end + "A : b\r\n\r\n", bad_trailer},
      {end + " A: b\r\n\r\n", bad_trailer},
      {end + "A: b\r\n c\r\n\r\n", bad_trailer},
      {end + ": b\r\n\r\n", bad_trailer},
      {end + "GET / HTTP/1.1\r\n\r\n", bad_trailer},
      {end + "A: \x01\r\n\r\n", bad_trailer},
      {end + "A: b\x7f\r\n\r\n", bad_trailer},
      {end + "A: b\n\r\n", bare_lf},
      {end + "A: b\rC: d\r\n\r\n", bare_cr},
      {end + "\rX", bare_cr},
      {end + std::string("A: \0\r\n\r\n", 8), nul_byte},
  };
}

std::vector<ChunkCase> chunk_cases() {
  using enum Fault;
  std::vector<ChunkCase> cases{
      {"0\r\n\r\n"},
      {"000\r\n\r\n"},
      {"5\r\nhello\r\n0\r\n\r\n", none, "hello"},
      {"a\r\n0123456789\r\nB\r\nhello world\r\n0\r\n\r\n", none, "0123456789hello world"},
      {"0000000000000003\r\na\r\n\r\n0\r\n\r\n", none, "a\r\n"},
      {"28\r\n" + std::string(40, 'x') + "\r\n0\r\n\r\n", none, std::string(40, 'x')},
      {"29\r\n" + std::string(41, 'x') + "\r\n0\r\n\r\n", body_too_large},
      {"27\r\n" + std::string(39, 'x') + "\r\n2\r\nxx\r\n0\r\n\r\n", body_too_large},
      {"FFFFFFFFFFFFFFFF\r\n", body_too_large},
      {"10000000000000000\r\n", bad_chunk},
      {"00000000000000005\r\nhello\r\n", bad_chunk},
      {"\r\n", bad_chunk},
      {";a\r\n", bad_chunk},
      {" 5\r\nhello\r\n", bad_chunk},
      {"\t5\r\n", bad_chunk},
      {"0x5\r\nhello\r\n", bad_chunk},
      {"+5\r\n", bad_chunk},
      {"-5\r\n", bad_chunk},
      {"5_0\r\n", bad_chunk},
      {"5h\r\n", bad_chunk},
      {"5,5\r\n", bad_chunk},
      {"5\r\nhello0\r\n\r\n", bad_chunk},
      {"5\r\nhelloX\r\n", bad_chunk},
      {"3\r\nhello\r\n", bad_chunk},
      {"5\nhello\r\n", bare_lf},
      {"5\r\nhello\n0\r\n\r\n", bare_lf},
      {"5\rhello\r\n", bare_cr},
      {"5\r\rhello", bare_cr},
      {"5\r\nhello\r0\r\n\r\n", bare_cr},
      {std::string("5\0\r\n", 4), nul_byte},
      {std::string("\0\r\n", 3), nul_byte},
  };
  for (ChunkCase& each : extension_cases()) cases.push_back(std::move(each));
  for (ChunkCase& each : trailer_cases()) cases.push_back(std::move(each));
  return cases;
}

TEST(ChunkReader, EveryCaseIsReadAsTheTableSays) {
  for (const ChunkCase& each : chunk_cases()) {
    const std::string sent = each.bytes + "NEXT";
    const Reading reading = read({sent}, small_limits());
    EXPECT_EQ(name_of(reading.fault), name_of(each.fault)) << each.bytes;
    if (each.fault != Fault::none) continue;
    EXPECT_EQ(reading, (Reading{Progress::done, Fault::none, each.body, each.trailers, "NEXT"}))
        << each.bytes;
  }
}

TEST(ChunkReader, EveryCaseIsReadTheSameSplitAnywhere) {
  for (const ChunkCase& each : chunk_cases()) {
    const std::string_view bytes = each.bytes;
    const Reading whole = read({bytes}, small_limits());
    for (std::size_t split = 0; split < bytes.size(); ++split) {
      const Reading parts = read({bytes.substr(0, split), bytes.substr(split)}, small_limits());
      ASSERT_EQ(name_of(parts.fault), name_of(whole.fault)) << split << ": " << each.bytes;
      ASSERT_EQ(parts, whole) << split << ": " << each.bytes;
    }
  }
}

TEST(ChunkReader, WantsMoreAtEveryPrefix) {
  const std::string bytes = "5;a=\"b\"\r\nhello\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(read({bytes.substr(0, size)}, small_limits()).progress, Progress::need_more) << size;
  }
}

TEST(ChunkReader, RefusesTotalsBeyond64Bits) {
  WireLimits unlimited;
  ChunkReader reader;
  reader.reset(unlimited);
  Reading reading;
  feed(reader, "1\r\nx\r\nFFFFFFFFFFFFFFFF\r\n", reading);
  EXPECT_EQ(reading.fault, Fault::bad_chunk);
}

TEST(ChunkReader, StopsAMegabyteOfExtensionAtTheLimit) {
  const std::string bytes = "1;a=\"" + std::string(1 << 20, 'x') + "\"\r\nx\r\n0\r\n\r\n";
  std::string_view input = bytes, data;
  ChunkReader reader;
  const WireLimits limits;
  reader.reset(limits);
  EXPECT_EQ(reader.read(input, data), Progress::failed);
  EXPECT_EQ(reader.fault(), Fault::chunk_line_too_long);
  EXPECT_EQ(bytes.size() - input.size(), limits.chunk_line_bytes);
}

TEST(ChunkReader, HandsOutSlicesOfItsInput) {
  const std::string bytes = "5\r\nhello\r\n0\r\n\r\n";
  std::string_view input = bytes, data;
  ChunkReader reader;
  reader.reset(WireLimits{});
  ASSERT_EQ(reader.read(input, data), Progress::data);
  EXPECT_EQ(data.data(), bytes.data() + 3);
  EXPECT_EQ(reader.body_bytes(), 5U);
}

TEST(ChunkReader, StaysFailedAndForgetsAtReset) {
  ChunkReader reader;
  reader.reset(WireLimits{});
  std::string_view bad = "x", good = "0\r\nA: b\r\n\r\n", data;
  EXPECT_EQ(reader.read(bad, data), Progress::failed);
  EXPECT_EQ(reader.read(good, data), Progress::failed);
  reader.reset(WireLimits{});
  EXPECT_EQ(reader.read(good, data), Progress::done);
  EXPECT_EQ(reader.trailer_section(), "A: b\r\n");
  reader.reset(WireLimits{});
  EXPECT_TRUE(reader.trailer_section().empty());
}

TEST(ChunkWriter, WritesHexadecimalSizes) {
  ChunkLine line;
  EXPECT_EQ(write_chunk_line(1, line), "1\r\n");
  EXPECT_EQ(write_chunk_line(0x1f00, line), "1f00\r\n");
  EXPECT_EQ(write_chunk_line(~std::uint64_t{0}, line), "ffffffffffffffff\r\n");
}

TEST(ChunkWriter, WritesWhatTheReaderReadsInWhateverPieces) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string body, sent;
    for (auto chunks = random() % 6; chunks > 0; --chunks) {
      const std::string data(1 + random() % 300, static_cast<char>('a' + random() % 26));
      ChunkLine line;
      sent.append(write_chunk_line(data.size(), line)).append(data).append(chunk_end);
      body += data;
    }
    sent += last_chunk;
    std::vector<std::string_view> pieces;
    for (std::string_view rest = sent; !rest.empty();) {
      pieces.push_back(rest.substr(0, 1 + random() % 50));
      rest.remove_prefix(pieces.back().size());
    }
    EXPECT_EQ(read(pieces, WireLimits{}), (Reading{Progress::done, Fault::none, body, "", ""}));
  }
}

}  // namespace
}  // namespace weir::http
