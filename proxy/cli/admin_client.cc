#include "cli/admin_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "admin/build_version.h"
#include "cli/rollout_view.h"
#include "cli/verdict.h"
#include "http/octets.h"

namespace weir::cli {
namespace {

namespace beast = boost::beast;
using boost::asio::awaitable;
using boost::asio::ip::tcp;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::chrono::seconds connect_deadline{5};
constexpr std::chrono::seconds answer_deadline{10};
constexpr std::chrono::seconds stream_deadline{45};  // the server speaks each 15 s

/// The first line that is neither empty nor a comment.
std::string read_token(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) {
    throw std::runtime_error("token file " + file + ": " +
                             std::error_code(errno, std::generic_category()).message());
  }
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto token = http::trimmed(line);
    if (!token.empty() && !token.starts_with('#')) return std::string(token);
  }
  throw std::runtime_error("token file " + file + ": there is no token in it");
}

boost::json::value json_or_null(std::string_view text) {
  boost::system::error_code failure;
  auto value = boost::json::parse(text, failure);
  return failure ? boost::json::value() : value;
}

std::string detail_of(const Answer& answer) {
  const auto* body = answer.body.if_object();
  const auto* detail = body == nullptr ? nullptr : body->if_contains("detail");
  const auto code = std::to_string(answer.status);
  if (detail == nullptr || !detail->is_string()) return "the server answered " + code;
  return printable(std::string(detail->get_string())) + " (" + code + ')';
}

}  // namespace

void require_success(const Answer& answer) {
  switch (exit_code_of(answer.status)) {
    case ExitCode::done:
      return;
    case ExitCode::wrong_use:
      throw Refused(answer.status, detail_of(answer));
    default:
      throw Unreachable(detail_of(answer));
  }
}

AdminClient::AdminClient(boost::asio::any_io_executor executor, ServerAddress server,
                         std::string token_file)
    : executor_(std::move(executor)),
      server_(std::move(server)),
      token_file_(std::move(token_file)) {}

AdminClient::Request AdminClient::make_request(beast::http::verb method,
                                               std::string_view path) const {
  Request request(method, {path.data(), path.size()}, 11);
  request.set(beast::http::field::host, server_.authority());
  request.set(beast::http::field::user_agent, "weir/" + std::string(admin::build_version));
  if (!token_file_.empty()) {
    request.set(beast::http::field::authorization, "Bearer " + read_token(token_file_));
  }
  return request;
}

awaitable<Answer> AdminClient::get(std::string path) {
  co_return co_await exchange(make_request(beast::http::verb::get, path));
}

awaitable<Answer> AdminClient::post(std::string path, ActionCall call) {
  auto request = make_request(beast::http::verb::post, path);
  request.set(beast::http::field::content_type, "application/json");
  request.body() = std::move(call.body);
  if (!call.idempotency_key.empty()) request.set("Idempotency-Key", call.idempotency_key);
  if (call.if_epoch) {
    request.set(beast::http::field::if_match, '"' + std::to_string(*call.if_epoch) + '"');
  }
  co_return co_await exchange(std::move(request));
}

void AdminClient::check(const beast::error_code& failure, std::string_view doing) const {
  if (!failure) return;
  throw Unreachable("cannot " + std::string(doing) + " http://" + server_.authority() + ": " +
                    failure.message());
}

awaitable<void> AdminClient::connect(beast::tcp_stream& stream) {
  tcp::resolver resolver(executor_);
  const auto [unknown, places] =
      co_await resolver.async_resolve(server_.host, server_.port, as_result);
  check(unknown, "find");
  stream.expires_after(connect_deadline);
  const auto [refused, place] = co_await stream.async_connect(places, as_result);
  check(refused, "connect to");
}

awaitable<Answer> AdminClient::exchange(Request request) {
  request.keep_alive(false);
  request.prepare_payload();
  beast::tcp_stream stream(executor_);
  co_await connect(stream);
  stream.expires_after(answer_deadline);
  const auto [unsent, sent] = co_await beast::http::async_write(stream, request, as_result);
  check(unsent, "send to");
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(boost::none);
  const auto [unread, size] = co_await beast::http::async_read(stream, buffer, parser, as_result);
  check(unread, "read from");
  co_return Answer{parser.get().result_int(), json_or_null(parser.get().body())};
}

awaitable<void> EventSource::open(std::string service, std::string last_id) {
  auto request = client_.make_request(beast::http::verb::get, "/v1/events?service=" + service);
  if (!last_id.empty()) request.set("Last-Event-ID", last_id);
  co_await client_.connect(stream_);
  stream_.expires_after(answer_deadline);
  const auto [unsent, sent] = co_await beast::http::async_write(stream_, request, as_result);
  client_.check(unsent, "send to");
  parser_.body_limit(boost::none);
  const auto [unread, size] =
      co_await beast::http::async_read_header(stream_, buffer_, parser_, as_result);
  client_.check(unread, "read from");
  if (parser_.get().result() != beast::http::status::ok) {
    throw Unreachable("no event stream: " + std::to_string(parser_.get().result_int()));
  }
}

awaitable<std::vector<StreamedEvent>> EventSource::next() {
  stream_.expires_after(stream_deadline);
  const auto [failure, size] =
      co_await beast::http::async_read_some(stream_, buffer_, parser_, as_result);
  client_.check(parser_.is_done() ? beast::http::error::end_of_stream : failure, "read from");
  const auto bytes = std::exchange(parser_.get().body(), {});
  co_return reader_.feed(bytes);
}

}  // namespace weir::cli
