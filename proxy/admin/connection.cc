#include "admin/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "admin/head_rules.h"
#include "http/field.h"
#include "net/clock.h"
#include "net/listener.h"

namespace weir::admin {
namespace {

namespace beast = boost::beast;
using beast::http::error;
using boost::asio::awaitable;
using boost::asio::ip::tcp;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::size_t buffer_limit_bytes = 128 * 1024;

IpAddress peer_of(const tcp::socket& socket) {
  boost::system::error_code gone;
  return net::address_of(socket.remote_endpoint(gone).address());
}

Response too_many_streams() {
  return make_response(Problem{Status::service_unavailable, "too many event streams"});
}

bool expects_continue(const RequestHead& head) {
  const auto value = single_value(head, "Expect");
  return value && http::equal_names(*value, "100-continue");
}

}  // namespace

Connection::Connection(tcp::socket socket, Reception& reception)
    : stream_(std::move(socket)),
      buffer_(buffer_limit_bytes),
      reception_(reception),
      peer_(peer_of(stream_.socket())) {}

Connection::~Connection() {
  if (queue_) --reception_.streams;
}

awaitable<void> Connection::serve() {
  bool open = true;  // awaited in the loop's own condition, g++ 12 emits a trap
  while (open) open = co_await serve_request();
  co_await linger();
}

void Connection::leave() {
  boost::system::error_code ignored;
  leaving_ = true;
  const bool silent = idle_ && stream_.socket().available(ignored) == 0;
  if (silent || queue_) close();
}

void Connection::close() {
  if (queue_) queue_->close();
  stream_.close();
}

awaitable<bool> Connection::serve_request() {
  Parser parser;
  parser.header_limit(reception_.limits.head_bytes);
  parser.body_limit(reception_.limits.body_bytes);
  stream_.expires_after(deadline);
  idle_ = buffer_.size() == 0;
  const auto [failure, size] =
      co_await beast::http::async_read_header(stream_, buffer_, parser, as_result);
  idle_ = false;
  if (failure) co_return co_await refuse_bytes(failure);
  if (const auto problem = head_problem(parser.get(), !reception_.probes_only)) {
    auto response = make_response(*problem);
    co_return co_await send(std::move(response), false, false);
  }
  auto admission = reception_.probes_only ? reception_.api.admit_probe(parser.get())
                                          : reception_.api.admit(parser.get(), peer_, net::now());
  const bool head_only = parser.get().method() == Verb::head;
  if (admission.refusal) {
    const bool whole = parser.is_done() && parser.keep_alive();
    co_return co_await send(*std::move(admission.refusal), head_only, whole);
  }
  if (!co_await read_body(parser)) co_return false;
  if (admission.route->operation == Operation::stream_events) {
    co_return co_await stream_events(parser.release());
  }
  const bool keep_alive = parser.keep_alive();
  auto response = co_await reception_.api.answer(parser.release(), std::move(admission));
  co_return co_await send(std::move(response), head_only, keep_alive);
}

awaitable<bool> Connection::read_body(Parser& parser) {
  if (parser.is_done()) co_return true;
  if (expects_continue(parser.get())) {
    const bool sent = co_await send_text("HTTP/1.1 100 Continue\r\n\r\n");
    if (!sent) co_return false;
  }
  stream_.expires_after(deadline);
  const auto [failure, size] =
      co_await beast::http::async_read(stream_, buffer_, parser, as_result);
  if (failure) co_return co_await refuse_bytes(failure);
  co_return true;
}

/// The answer to bytes that are no acceptable request; none where the client just left.
std::optional<Problem> Connection::problem_of(const beast::error_code& failure) {
  const auto& limits = reception_.limits;
  if (failure == error::body_limit) {
    ++reception_.bodies_refused;
    return Problem{Status::payload_too_large,
                   "the body may have at most " + std::to_string(limits.body_bytes) + " bytes"};
  }
  if (failure == error::header_limit) {
    ++reception_.heads_refused;
    return Problem{Status::request_header_fields_too_large,
                   "the head may have at most " + std::to_string(limits.head_bytes) + " bytes"};
  }
  const bool spoken = failure.category() == beast::http::make_error_code(error{}).category();
  if (!spoken || failure == error::end_of_stream || failure == error::partial_message) {
    return std::nullopt;
  }
  return Problem{Status::bad_request, "this is not a valid HTTP/1.1 request"};
}

awaitable<bool> Connection::refuse_bytes(beast::error_code failure) {
  const auto problem = problem_of(failure);
  if (!problem) co_return false;
  auto response = make_response(*problem);
  co_return co_await send(std::move(response), false, false);
}

awaitable<bool> Connection::send(Response response, bool head_only, bool keep_alive) {
  keep_alive = keep_alive && !leaving_;
  response.keep_alive(keep_alive);
  if (head_only) response.body().clear();  // Content-Length stays, RFC 9110 §9.3.2
  stream_.expires_after(deadline);
  const auto [failure, size] = co_await beast::http::async_write(stream_, response, as_result);
  co_return keep_alive && !failure;
}

awaitable<bool> Connection::send_text(std::string_view text) {
  stream_.expires_after(deadline);
  const auto [failure, size] = co_await boost::asio::async_write(
      stream_, boost::asio::buffer(text.data(), text.size()), as_result);
  co_return !failure;
}

awaitable<bool> Connection::stream_events(Request request) {
  const std::string_view target(request.target().data(), request.target().size());
  const std::string service(query_value(target, "service").value_or(""));
  if (reception_.streams >= reception_.limits.event_streams) {
    ++reception_.streams_refused;
    auto full = too_many_streams();
    co_return co_await send(std::move(full), false, false);
  }
  const auto last = single_value(request, "Last-Event-ID");
  queue_.emplace(stream_.get_executor(), reception_.events, service,
                 last ? read_event_id(*last) : std::nullopt, reception_.limits.event_queue);
  ++reception_.streams;
  std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\nretry: 1000\n\n";
  while (!text.empty()) {
    const bool sent = co_await send_text(text);
    if (!sent) break;
    text = co_await queue_->next(quiet_stream);
  }
  if (queue_->overrun()) ++reception_.streams_overrun;
  stream_.close();
  co_return false;
}

// Closing with bytes unread would reset the connection and take the last answer with it
// (RFC 9112 §9.6).
awaitable<void> Connection::linger() {
  constexpr std::size_t patience_bytes = 256 * 1024;
  boost::system::error_code failure;
  stream_.socket().shutdown(tcp::socket::shutdown_send, failure);
  buffer_.clear();
  stream_.expires_after(std::chrono::seconds(1));
  for (std::size_t total = 0; !failure && total < patience_bytes;) {
    const auto [stopped, size] =
        co_await stream_.async_read_some(buffer_.prepare(4'096), as_result);
    failure = stopped;
    total += size;
  }
  stream_.close();
}

}  // namespace weir::admin
