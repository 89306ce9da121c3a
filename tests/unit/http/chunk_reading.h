#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/chunk_reader.h"

namespace weir::http::tests {

/// What a reader made of a body that arrived in the given pieces.
struct Reading {
  ChunkReader::Progress progress = ChunkReader::Progress::need_more;
  Fault fault = Fault::none;
  std::string body{}, trailers{}, left{};
  bool operator==(const Reading&) const = default;
};

inline void feed(ChunkReader& reader, std::string_view input, Reading& reading) {
  std::string_view data;
  do {
    reading.progress = reader.read(input, data);
    reading.body += data;
  } while (reading.progress == ChunkReader::Progress::data);
  reading.fault = reader.fault();
  reading.trailers = reader.trailer_section();
  if (reading.progress == ChunkReader::Progress::done) reading.left += input;
}

inline Reading read(const std::vector<std::string_view>& pieces, const WireLimits& limits) {
  ChunkReader reader;
  reader.reset(limits);
  Reading reading;
  for (const std::string_view piece : pieces) feed(reader, piece, reading);
  return reading;
}

}  // namespace weir::http::tests
