#include "cli/follow.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "net/clock.h"

namespace weir::cli {
namespace {

using boost::asio::awaitable;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr Milliseconds look_interval{1'000};
constexpr Milliseconds event_patience{2'000};  // for the stream to open
constexpr Milliseconds last_events{500};

std::optional<Instant> end_of(Milliseconds timeout) {
  if (timeout == Milliseconds(0)) return std::nullopt;
  return net::now() + timeout;
}

Instant::duration seconds(double count) {
  return std::chrono::duration_cast<Instant::duration>(std::chrono::duration<double>(count));
}

}  // namespace

Follow::Follow(AdminClient& client, Report& report, std::string service, Milliseconds timeout)
    : client_(client),
      report_(report),
      service_(std::move(service)),
      until_(end_of(timeout)),
      wakeup_(client.executor()) {}

awaitable<void> Follow::collect_events() {
  for (;;) {
    EventSource source(client_);
    try {
      co_await receive(source);
    } catch (const std::exception&) {
      connected_ = false;  // `look` reports a proxy that does not answer
    }
    boost::asio::steady_timer pause(client_.executor(), look_interval);
    co_await pause.async_wait(as_result);
  }
}

awaitable<void> Follow::receive(EventSource& source) {
  co_await source.open(service_, last_event_id_);
  connected_ = true;
  wake();
  for (;;) {
    for (const auto& event : co_await source.next()) {
      last_event_id_ = event.id;
      events_.push_back(boost::json::parse(event.data));
    }
    if (!events_.empty()) wake();
  }
}

awaitable<void> Follow::listening() {
  if (connected_) co_return;
  wakeup_.expires_after(event_patience);
  co_await wakeup_.async_wait(as_result);
}

awaitable<ExitCode> Follow::watch() { co_return co_await go_on(); }

awaitable<ExitCode> Follow::wait(std::uint64_t epoch) {
  waited_for_.emplace(epoch);
  heartbeat_due_ = net::now();
  co_return co_await go_on();
}

bool Follow::time_is_up() const { return until_ && net::now() >= *until_; }

std::optional<ExitCode> Follow::judge() const {
  if (!waited_for_ || !at_) return std::nullopt;
  return waited_for_->judge(*at_);
}

void Follow::show_events() {
  for (const auto& event : std::exchange(events_, {})) {
    const auto view = read_event(event);
    shown_ = view.at;
    if (waited_for_) waited_for_->note(view);
    report_.event(event);
  }
}

awaitable<ExitCode> Follow::go_on() {
  for (;;) {
    co_await look();
    if (const auto verdict = judge()) co_return co_await end(*verdict);
    const auto late = reached_ ? ExitCode::timed_out : ExitCode::unreachable;
    if (time_is_up()) co_return co_await end(late);
    if (waited_for_ && net::now() >= heartbeat_due_) co_await send_heartbeat();
    auto next = net::now() + look_interval;
    if (waited_for_) next = std::min(next, heartbeat_due_);
    if (until_) next = std::min(next, *until_);
    wakeup_.expires_at(next);
    if (events_.empty()) co_await wakeup_.async_wait(as_result);
  }
}

// Events first: the status asked for after them is never older than what they told.
awaitable<void> Follow::look() {
  show_events();
  try {
    const auto answer = co_await client_.get("/v1/services/" + service_ + "/rollout");
    require_success(answer);
    const auto view = read_rollout(answer.body);
    const bool told = connected_ && (waited_for_ || at_);  // watching begins with the status
    status_ = answer.body;
    at_ = view.at;
    driver_timeout_seconds_ = view.driver_timeout_seconds;
    reached_ = true;
    report_.status(status_, told);
  } catch (const Unreachable& error) {
    report_.note(std::string("error: ") + error.what() + "; trying again");
  }
}

awaitable<void> Follow::send_heartbeat() {
  heartbeat_due_ = net::now() + seconds(heartbeat_seconds(driver_timeout_seconds_));
  const ActionCall heartbeat;
  const auto path = "/v1/services/" + service_ + "/rollout/heartbeat";
  try {
    co_await client_.post(path, heartbeat);
  } catch (const Unreachable&) {
    heartbeat_due_ = net::now() + look_interval;  // the next look says so
  }
}

awaitable<ExitCode> Follow::end(ExitCode code) {
  if (connected_ && events_.empty() && shown_ != at_) {
    wakeup_.expires_after(last_events);
    co_await wakeup_.async_wait(as_result);
  }
  show_events();
  report_.last(status_);
  co_return judge().value_or(code);  // an event may have told what the status could not
}

}  // namespace weir::cli
