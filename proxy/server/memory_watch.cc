#include "server/memory_watch.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/clock.h"

namespace weir::server {

boost::asio::awaitable<void> MemoryWatch::run(std::function<const MemoryPlan&()> plan) {
  constexpr Milliseconds interval{100};
  boost::asio::steady_timer timer(control_);
  for (;;) {
    reading_ = gauge_.read(plan(), net::now());
    const auto pressure = pressure_of(reading_, plan());
    if (pressure != workers_.occupancy().memory()) {
      spdlog::warn("memory: {} of {} bytes are used: {}", reading_.used_bytes, reading_.most_bytes,
                   forwarding::explain(pressure));
    }
    workers_.occupancy().set_memory(pressure);
    workers_.release_unused();
    timer.expires_after(interval);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

}  // namespace weir::server
