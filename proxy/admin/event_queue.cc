#include "admin/event_queue.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "admin/status_json.h"

namespace weir::admin {

std::string sse_text(const rollout_loop::Event& event) {
  return "id: " + std::to_string(event.id) +
         "\nevent: transition\ndata: " + boost::json::serialize(to_json(event)) + "\n\n";
}

std::optional<std::uint64_t> read_event_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

EventQueue::EventQueue(const boost::asio::any_io_executor& executor, rollout_loop::EventFeed& feed,
                       std::string service, std::optional<std::uint64_t> last_id,
                       std::size_t longest)
    : feed_(feed), service_(std::move(service)), longest_(longest), wakeup_(executor) {
  if (last_id) {
    const bool foreign = *last_id > feed.last_id();
    for (const auto& event : feed.after(foreign ? 0 : *last_id)) append(event);
  }
  subscription_ = feed.subscribe([this](const rollout_loop::Event& event) { push(event); });
}

bool EventQueue::append(const rollout_loop::Event& event) {
  if (!service_.empty() && event.service != service_) return false;
  waiting_ += sse_text(event);
  return true;
}

void EventQueue::push(const rollout_loop::Event& event) {
  if (over_ || !append(event)) return;
  if (++waiting_count_ > longest_) return close();
  wakeup_.cancel();
}

void EventQueue::close() {
  over_ = true;
  wakeup_.cancel();
}

boost::asio::awaitable<std::string> EventQueue::next(std::chrono::milliseconds quiet) {
  if (waiting_.empty() && !over_) {
    wakeup_.expires_after(quiet);
    co_await wakeup_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  if (over_) co_return std::string{};
  waiting_count_ = 0;
  if (waiting_.empty()) co_return ": still here\n\n";
  co_return std::exchange(waiting_, {});
}

}  // namespace weir::admin
