#include "upstream/discovery.h"

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/listener.h"

namespace weir::upstream {
namespace {

using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;
using Resolver = boost::asio::ip::basic_resolver<net::Tcp, net::Executor>;

bool lower_bytes(const IpAddress& a, const IpAddress& b) { return a.bytes < b.bytes; }

}  // namespace

net::Task<Resolution> look_up(std::string host) {
  Resolver resolver(co_await boost::asio::this_coro::executor);
  const auto [error, answers] =
      co_await resolver.async_resolve(host, "", Resolver::address_configured, net::as_result);
  Resolution resolution{error, {}};
  for (const auto& answer : answers) {
    resolution.addresses.push_back(net::address_of(answer.endpoint().address()));
  }
  co_return resolution;
}

bool KnownAddresses::learn(const Resolution& resolution) {
  failing_ = resolution.failed();
  if (failing_) return false;
  auto sorted = resolution.addresses;
  std::ranges::sort(sorted, lower_bytes);
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (sorted == addresses_) return false;
  addresses_ = std::move(sorted);
  return true;
}

/// Shared by the handle and its coroutine, which outlives the handle during a lookup.
struct NameWatch::Run {
  Run(const net::Executor& executor, std::string name, Milliseconds pause, Resolve with,
      Report tell)
      : host(std::move(name)),
        interval(pause),
        resolve(std::move(with)),
        report(std::move(tell)),
        timer(executor) {}

  const std::string host;
  const Milliseconds interval;
  const Resolve resolve;
  const Report report;
  Timer timer;
  bool stopped = false;
};

NameWatch::NameWatch(boost::asio::io_context& context, std::string host, Milliseconds interval,
                     Resolve resolve, Report report)
    : run_(std::make_shared<Run>(context.get_executor(), std::move(host), interval,
                                 std::move(resolve), std::move(report))) {
  boost::asio::co_spawn(context, watch(run_), boost::asio::detached);
}

NameWatch::~NameWatch() {
  run_->stopped = true;
  run_->timer.cancel();
}

net::Task<> NameWatch::watch(std::shared_ptr<Run> run) {
  run->timer.expires_after(Milliseconds(0));
  while (true) {
    co_await run->timer.async_wait(net::as_result);
    if (run->stopped) co_return;
    const Resolution resolution = co_await run->resolve(run->host);
    if (run->stopped) co_return;
    run->report(resolution);
    if (run->stopped) co_return;
    run->timer.expires_after(run->interval);
  }
}

}  // namespace weir::upstream
