#include "forwarding/body_reader.h"

#include <algorithm>
#include <cstring>

namespace weir::forwarding {

void BodyReader::begin(http::Body framing, std::uint64_t length, const WireLimits& limits) {
  framing_ = framing;
  remaining_ = framing == http::Body::length ? length : 0;
  fault_ = http::Fault::none;
  done_ = framing == http::Body::none || (framing == http::Body::length && length == 0);
  if (framing == http::Body::chunked) chunks_.reset(limits);
}

bool BodyReader::whole_in(const net::ReceiveBuffer& buffer) const noexcept {
  return done_ || (framing_ == http::Body::length && buffer.size() >= remaining_);
}

void BodyReader::skip(std::uint64_t count) noexcept {
  remaining_ -= count;
  done_ = remaining_ == 0;
}

BodyReader::Piece BodyReader::read(net::ReceiveBuffer& buffer) {
  if (done_) return {Status::done, {}, 0};
  if (framing_ == http::Body::chunked) return read_chunked(buffer);
  auto data = buffer.bytes();
  if (framing_ == http::Body::length) {
    data =
        data.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, data.size())));
    skip(data.size());
  }
  return {done_ ? Status::done : Status::more, data, data.size()};
}

BodyReader::Piece BodyReader::read_chunked(net::ReceiveBuffer& buffer) {
  auto input = buffer.bytes();
  char* const start = buffer.mutable_bytes();
  std::size_t decoded = 0;
  for (;;) {
    std::string_view data;
    const auto progress = chunks_.read(input, data);
    if (!data.empty()) std::memmove(start + decoded, data.data(), data.size());
    decoded += data.size();
    if (progress == http::ChunkReader::Progress::data) continue;
    const auto used = buffer.size() - input.size();
    const std::string_view piece(start, decoded);
    if (progress == http::ChunkReader::Progress::need_more) return {Status::more, piece, used};
    if (progress == http::ChunkReader::Progress::done) {
      done_ = true;
      return {Status::done, piece, used};
    }
    fault_ = chunks_.fault();
    return {Status::failed, piece, used};
  }
}

}  // namespace weir::forwarding
