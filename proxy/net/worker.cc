#include "net/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace weir::net {

Worker::Worker(std::size_t index)
    : index_(index),
      work_(context_.get_executor()),
      wheel_(net::now()),
      wheel_timer_(context_.get_executor()) {}

Worker::~Worker() {
  stop();
  join();
}

void Worker::start() {
  boost::asio::co_spawn(executor(), turn_wheel(), boost::asio::detached);
  thread_ = std::thread([this] { run(); });
}

void Worker::run() {
  do {
    turn_began_ = {};
  } while (context_.run_one() > 0);
}

void Worker::stop() { context_.stop(); }

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

Task<> Worker::turn_wheel() {
  for (;;) {
    wheel_timer_.expires_after(DeadlineWheel::tick);
    const auto [error] = co_await wheel_timer_.async_wait(as_result);
    if (error) co_return;
    wheel_.advance(net::now());
  }
}

}  // namespace weir::net
