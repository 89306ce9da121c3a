#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rollout_loop/event_feed.h"

namespace weir::admin {

/// One event as a stream has it: `id`, `event: transition`, `data` (WHATWG HTML §9.2).
std::string sse_text(const rollout_loop::Event& event);

/// What a client sent as Last-Event-ID; `nullopt` where it is not a number.
std::optional<std::uint64_t> read_event_id(std::string_view text);

/// What one client of /v1/events has not been sent yet. Listens to the feed for as long
/// as it lives. Control thread only.
class EventQueue {
 public:
  /// `service`: of that one only; empty: all. `last_id`: begins with what the feed has
  /// kept after it; an id the feed has not reached yet is another process's, and then
  /// all that is kept is sent. `longest`: events that may wait.
  EventQueue(const boost::asio::any_io_executor& executor, rollout_loop::EventFeed& feed,
             std::string service, std::optional<std::uint64_t> last_id, std::size_t longest);
  ~EventQueue() { feed_.unsubscribe(subscription_); }
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  /// Text to send next: what waits, or a comment after `quiet` without an event. Empty:
  /// over, because more than `longest` events waited or `close` was called.
  boost::asio::awaitable<std::string> next(std::chrono::milliseconds quiet);
  void close();
  /// Whether it ended because too many waited.
  bool overrun() const noexcept { return waiting_count_ > longest_; }

 private:
  bool append(const rollout_loop::Event& event);
  void push(const rollout_loop::Event& event);

  rollout_loop::EventFeed& feed_;
  const std::string service_;
  const std::size_t longest_;
  boost::asio::steady_timer wakeup_;
  std::string waiting_;
  std::size_t waiting_count_ = 0;  ///< published since the last `next`
  bool over_ = false;
  std::uint64_t subscription_;
};

}  // namespace weir::admin
