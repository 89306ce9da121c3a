#include "upstream/whole_response.h"

#include <boost/beast/http/error.hpp>

#include "net/receive_buffer.h"

namespace weir::upstream {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t head_limit = 8 * 1024;
constexpr std::uint64_t body_limit = 64UL * 1024;
constexpr std::size_t buffer_bytes = 16UL * 1024;  // above head_limit, which thus decides

bool is_too_large(const net::error_code& error) {
  return error == http::error::header_limit || error == http::error::body_limit ||
         error == http::error::buffer_overflow;
}

/// Hands the parser what there is until it wants more.
net::error_code digest(net::ReceiveBuffer& buffer, WholeResponse& response) {
  net::error_code error;
  while (!buffer.empty() && !response.is_done()) {
    const auto used = response.put(boost::asio::buffer(buffer.bytes()), error);
    if (error == http::error::need_more) return {};
    if (error) return error;
    buffer.consume(used);
  }
  return {};
}

}  // namespace

net::Task<net::error_code> receive_whole(net::Stream& stream, WholeResponse& response) {
  response.header_limit(head_limit);
  response.body_limit(body_limit);
  net::ReceiveBuffer buffer;
  buffer.reserve(buffer_bytes);
  for (;;) {
    auto error = digest(buffer, response);
    if (error || response.is_done()) co_return error;
    if (buffer.space().size() == 0) co_return http::error::buffer_overflow;
    const auto failure = co_await stream.receive(buffer);
    if (failure == boost::asio::error::eof) {
      if (!response.got_some()) co_return http::error::end_of_stream;
      response.put_eof(error);
      co_return error;
    }
    if (failure) co_return failure;
  }
}

std::string failure_text(std::string_view stage, const net::error_code& error) {
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return "closed before the response was complete";
  }
  if (is_too_large(error)) return "response too large";
  return std::string(stage) + ": " + error.message();
}

}  // namespace weir::upstream
