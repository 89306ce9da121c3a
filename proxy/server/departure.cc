#include "server/departure.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/clock.h"

namespace weir::server {
namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace

boost::asio::awaitable<void> Departure::rest(Milliseconds duration) {
  constexpr Milliseconds slice{20};
  const auto until = net::now() + duration;
  boost::asio::steady_timer timer(control_);
  while (!hurry_ && net::now() < until) {
    timer.expires_after(std::min(slice, duration));
    co_await timer.async_wait(as_result);
  }
}

boost::asio::awaitable<void> Departure::let_clients_finish(DrainPlan plan) {
  constexpr Milliseconds look{20};
  spdlog::info("draining: {} clients have up to {} ms", workers_.clients(), plan.deadline.count());
  const auto began = net::now();
  workers_.drain();
  while (workers_.busy() && !hurry_ && net::now() - began < plan.deadline) {
    if (net::now() - began >= plan.idle) workers_.close_idle();
    co_await rest(look);
  }
  if (const auto left = workers_.clients(); left > 0) {
    spdlog::warn("draining: closing {} clients that did not finish", left);
    workers_.close_all();
  }
  co_await none_left();
}

boost::asio::awaitable<void> Departure::none_left() {
  constexpr Milliseconds look{5};
  boost::asio::steady_timer timer(control_);
  while (workers_.clients() > 0 || workers_.copies() > 0) {
    timer.expires_after(look);
    co_await timer.async_wait(as_result);
  }
}

}  // namespace weir::server
