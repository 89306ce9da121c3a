#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "admin/api.h"
#include "admin/event_queue.h"
#include "model/ip_address.h"
#include "model/plan.h"
#include "rollout_loop/event_feed.h"

namespace weir::admin {

inline constexpr std::chrono::seconds deadline{30};  ///< for a head, a body, an answer; idle
inline constexpr std::chrono::seconds quiet_stream{15};

/// What all connections of a port share. Outlives them.
struct Reception {
  Api& api;
  rollout_loop::EventFeed& events;
  AdminLimits limits;
  bool probes_only = false;  ///< /readyz and /healthz, without a token, whatever the Host
  std::size_t streams = 0;
  /// What went beyond a limit.
  std::uint64_t heads_refused = 0, bodies_refused = 0, streams_refused = 0, streams_overrun = 0;
};

/// One client. The server keeps it until `serve` has returned.
class Connection {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Reception& reception);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Requests, one after another, until either side ends.
  boost::asio::awaitable<void> serve();
  /// Ends after the answer to the request that is under way, or now.
  void leave();
  /// Everything under way fails soon.
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  /// False: the connection ends.
  boost::asio::awaitable<bool> serve_request();
  boost::asio::awaitable<bool> read_body(Parser& parser);
  std::optional<Problem> problem_of(const boost::beast::error_code& failure);
  boost::asio::awaitable<bool> refuse_bytes(boost::beast::error_code error);
  boost::asio::awaitable<bool> send(Response response, bool head_only, bool keep_alive);
  boost::asio::awaitable<bool> send_text(std::string_view text);
  boost::asio::awaitable<bool> stream_events(Request request);
  boost::asio::awaitable<void> linger();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  Reception& reception_;
  IpAddress peer_;
  std::optional<EventQueue> queue_;
  bool idle_ = false;     ///< nothing of another request came
  bool leaving_ = false;  ///< no more requests
};

}  // namespace weir::admin
