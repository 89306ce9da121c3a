#include "net/send.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "net/system_calls.h"

namespace weir::net {
namespace {

using Step = TlsConnection::Step;

/// The most that one TLS record carries (RFC 8446 §5.1).
constexpr std::size_t record_bytes = 16 * 1024;

/// Up to here, copying pieces side by side for send(2) costs less than sendmsg(2).
constexpr std::size_t short_bytes = 4 * 1024;

bool is_single(const Gather& gather) noexcept { return gather.begin() + 1 == gather.end(); }

/// What the next record begins with: a large piece as it lies, small ones side by side, so
/// that the head and the body of a short answer travel together. The same for the same
/// `gather`, as a write that is tried again demands.
boost::asio::const_buffer next_bytes(const Gather& gather) noexcept {
  const auto& first = *gather.begin();
  if (first.size() >= record_bytes || is_single(gather)) return first;
  thread_local std::array<char, record_bytes> together;
  std::size_t size = 0;
  for (const auto& piece : gather) {
    const auto count = std::min(piece.size(), together.size() - size);
    std::memcpy(together.data() + size, piece.data(), count);
    size += count;
  }
  return {together.data(), size};
}

/// Writes until all went or `step` says what to wait for.
error_code write_records(TlsConnection& tls, Gather& gather, Step& step) noexcept {
  while (!gather.empty()) {
    std::size_t sent = 0;
    step = tls.write(next_bytes(gather), sent);
    if (step == Step::failed) return tls.error();
    if (step != Step::done) return {};
    gather.consume(sent);
  }
  return {};
}

Task<error_code> send_rest_tls(Stream& stream, Gather gather) {
  for (;;) {
    Step step = Step::done;
    auto error = write_records(*stream.tls(), gather, step);
    if (error || gather.empty()) co_return error;
    const auto direction = step == Step::wants_read ? Socket::wait_read : Socket::wait_write;
    const auto [failed] = co_await stream.socket().async_wait(direction, as_result);
    if (failed) co_return failed;
  }
}

Task<error_code> send_rest_plain(Socket& socket, Gather gather) {
  while (!gather.empty()) {
    const auto [error, sent] = co_await socket.async_write_some(gather, as_result);
    if (error) co_return error;
    gather.consume(sent);
  }
  co_return error_code{};
}

}  // namespace

void Gather::consume(std::size_t count) noexcept {
  consumed_ += count;
  while (count > 0 && first_ < count_) {
    auto& piece = pieces_[first_];
    if (count < piece.size()) {
      piece += count;
      return;
    }
    count -= piece.size();
    ++first_;
  }
}

std::size_t Gather::size() const noexcept { return boost::asio::buffer_size(*this); }

Gather Gather::first(std::size_t count) const noexcept {
  Gather part;
  for (const auto& piece : *this) {
    const auto size = std::min(piece.size(), count);
    part.add({static_cast<const char*>(piece.data()), size});
    count -= size;
  }
  return part;
}

error_code send_now(Stream& stream, Gather& gather) noexcept {
  if (auto* tls = stream.tls()) {
    Step step = Step::done;
    return write_records(*tls, gather, step);
  }
  error_code error;
  while (!gather.empty()) {
    auto& socket = stream.socket();
    const bool single = is_single(gather) || gather.size() <= short_bytes;
    gather.consume(single ? send_at_once(socket.native_handle(), next_bytes(gather), error)
                          : socket.write_some(gather, error));
    if (error == boost::asio::error::would_block) return {};
    if (error) return error;
  }
  return {};
}

Task<error_code> send_rest(Stream& stream, Gather gather) {
  if (stream.tls() != nullptr) return send_rest_tls(stream, gather);
  return send_rest_plain(stream.socket(), gather);
}

}  // namespace weir::net
