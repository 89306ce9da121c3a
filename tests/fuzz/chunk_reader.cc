// A chunked body: read the same in any pieces, and as a lenient reader would.
#include "http/chunk_reader.h"

#include <cstdint>
#include <optional>

#include "chunk_reading.h"
#include "http/chunk_writer.h"
#include "require.h"
#include "rules.h"

namespace weir::http {
namespace {

using fuzz::require;
using Progress = ChunkReader::Progress;
using tests::Reading;

WireLimits small_limits() {
  WireLimits limits;
  limits.chunk_line_bytes = 32;
  limits.trailer_bytes = 64;
  limits.fields = 3;
  limits.body_bytes = 40;
  return limits;
}

WireLimits roomy() {
  WireLimits limits;
  limits.trailer_bytes = 1 << 20;
  return limits;
}

/// What a reader makes of the body that looks at nothing but sizes and line ends: the one
/// most likely to be talked into another end than ours.
struct Lenient {
  std::string body;
  std::string_view left;
};

std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

std::optional<Lenient> read_leniently(std::string_view rest) {
  Lenient read;
  std::uint64_t size = 1;
  while (size != 0) {
    const auto line = take_line(rest);
    if (!line) return std::nullopt;
    size = std::strtoull(std::string(*line).c_str(), nullptr, 16);
    if (size == 0) break;
    if (size > rest.size()) return std::nullopt;
    read.body += rest.substr(0, size);
    rest.remove_prefix(size);
    if (!rest.starts_with("\r\n")) return std::nullopt;
    rest.remove_prefix(2);
  }
  for (auto line = take_line(rest); line != ""; line = take_line(rest)) {
    if (!line) return std::nullopt;
  }
  read.left = rest;
  return read;
}

/// Slices of the input only, and none of it twice.
Reading read_whole(std::string_view bytes, const WireLimits& limits) {
  ChunkReader reader;
  reader.reset(limits);
  Reading reading;
  std::string_view input = bytes, data;
  const char* last_end = bytes.data();
  while ((reading.progress = reader.read(input, data)) == Progress::data) {
    require(!data.empty(), "data is not empty");
    require(data.data() >= last_end && data.data() + data.size() <= bytes.data() + bytes.size(),
            "data lies in what was fed, after the data before it");
    last_end = data.data() + data.size();
    reading.body += data;
  }
  require(reader.body_bytes() == reading.body.size(), "bytes are counted as they are given");
  require(reading.body.size() <= bytes.size(), "no more comes out than went in");
  if (limits.body_bytes != 0) require(reading.body.size() <= limits.body_bytes, "bounded");
  require((reading.progress == Progress::failed) == (reader.fault() != Fault::none), "a fault");
  require(reading.progress != Progress::need_more || input.empty(), "all is taken");
  reading.fault = reader.fault();
  reading.trailers = reader.trailer_section();
  if (reading.progress == Progress::done) reading.left = input;
  if (reading.progress != Progress::failed) return reading;
  std::string_view more = "0\r\n\r\n";
  require(reader.read(more, data) == Progress::failed, "what failed stays so");
  return reading;
}

void require_same(const Reading& pieces, const Reading& whole) {
  if (whole.progress == Progress::failed) {
    require(pieces.fault == whole.fault, "pieces fail as the whole does");
  }
  require(pieces == whole, "pieces read as the whole does");
}

void check_pieces(std::string_view bytes, const WireLimits& limits, const Reading& whole) {
  ChunkReader reader;
  reader.reset(limits);
  Reading bytewise;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    tests::feed(reader, bytes.substr(at, 1), bytewise);
  }
  require_same(bytewise, whole);
  fuzz::at_cuts(bytes.size(), 32, [&](std::size_t cut) {
    require_same(tests::read({bytes.substr(0, cut), bytes.substr(cut)}, limits), whole);
  });
}

void check_done(std::string_view bytes, const Reading& whole) {
  const auto lenient = read_leniently(bytes);
  require(lenient && lenient->body == whole.body, "a lenient reader reads the same body");
  require(lenient && lenient->left == whole.left, "and sees the same end");
  require(tests::has_plain_line_ends(whole.trailers), "trailers are whole lines");
  std::string again;
  ChunkLine line;
  if (!whole.body.empty()) {
    again.append(write_chunk_line(whole.body.size(), line)).append(whole.body).append(chunk_end);
  }
  again.append(last_chunk_line).append(whole.trailers).append(chunk_end);
  const Reading second = tests::read({again}, roomy());
  require(second == Reading{Progress::done, Fault::none, whole.body, whole.trailers, ""},
          "what is written of it reads back equal");
}

}  // namespace
}  // namespace weir::http

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir::http;
  const std::string_view bytes = weir::fuzz::text_of(data, size);
  for (const auto& limits : {weir::WireLimits{}, small_limits()}) {
    const auto whole = read_whole(bytes, limits);
    check_pieces(bytes, limits, whole);
    if (whole.progress == ChunkReader::Progress::done) check_done(bytes, whole);
  }
  return 0;
}
