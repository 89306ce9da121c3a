#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/event_reader.h"
#include "cli/server_address.h"

namespace weir::cli {

/// No answer: not resolved, refused, broken off or too slow. The text names the server.
struct Unreachable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The proxy answered, and said no. The text is for people.
struct Refused : std::runtime_error {
  Refused(unsigned http_status, const std::string& text)
      : std::runtime_error(text), status(http_status) {}
  unsigned status;  ///< 4xx
};

struct Answer {
  unsigned status = 0;
  boost::json::value body;  ///< null where it is not JSON
};

/// Throws `Refused` on a 4xx and `Unreachable` on anything else that is no 2xx.
void require_success(const Answer& answer);

/// What an action sends beside its path.
struct ActionCall {
  std::string body;  ///< JSON
  std::optional<std::uint64_t> if_epoch;
  std::string idempotency_key;
};

/// Asks the admin API. A connection for each request; the token is read from its file
/// each time, so that it may rotate while a command waits.
class AdminClient {
 public:
  /// `token_file`: empty: none.
  AdminClient(boost::asio::any_io_executor executor, ServerAddress server, std::string token_file);

  /// Both throw `Unreachable`, and `std::runtime_error` for an unreadable token file.
  boost::asio::awaitable<Answer> get(std::string path);
  boost::asio::awaitable<Answer> post(std::string path, ActionCall call);

  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  friend class EventSource;
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  Request make_request(boost::beast::http::verb method, std::string_view path) const;
  boost::asio::awaitable<Answer> exchange(Request request);
  boost::asio::awaitable<void> connect(boost::beast::tcp_stream& stream);
  void check(const boost::beast::error_code& failure, std::string_view doing) const;

  boost::asio::any_io_executor executor_;
  ServerAddress server_;
  std::string token_file_;
};

/// One connection to /v1/events.
class EventSource {
 public:
  explicit EventSource(AdminClient& client) : client_(client), stream_(client.executor_) {}

  /// Connects; events begin after `last_id` (empty: with the next). Throws `Unreachable`,
  /// also where the answer is not a stream.
  boost::asio::awaitable<void> open(std::string service, std::string last_id);
  /// The events that came in next, maybe none. Throws `Unreachable` when it is over.
  boost::asio::awaitable<std::vector<StreamedEvent>> next();

 private:
  AdminClient& client_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::response_parser<boost::beast::http::string_body> parser_;
  EventReader reader_;
};

}  // namespace weir::cli
