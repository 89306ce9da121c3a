#include "net/send.h"

namespace weir::net {

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

error_code send_now(Socket& socket, Gather& gather) noexcept {
  error_code error;
  while (!gather.empty()) {
    const auto sent = socket.write_some(gather, error);
    gather.consume(sent);
    if (error == boost::asio::error::would_block) return {};
    if (error) return error;
  }
  return {};
}

Task<error_code> send_rest(Socket& socket, Gather gather) {
  while (!gather.empty()) {
    const auto [error, sent] = co_await socket.async_write_some(gather, as_result);
    if (error) co_return error;
    gather.consume(sent);
  }
  co_return error_code{};
}

}  // namespace weir::net
