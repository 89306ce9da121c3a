#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <thread>

#include "net/clock.h"
#include "net/deadline.h"
#include "net/task.h"

namespace weir::net {

/// One thread, one io_context, one timer wheel. Everything a worker owns is
/// touched on its thread only; others reach it with `boost::asio::post`.
class Worker {
 public:
  explicit Worker(std::size_t index);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  std::size_t index() const noexcept { return index_; }
  boost::asio::io_context& context() noexcept { return context_; }
  Executor executor() noexcept { return context_.get_executor(); }
  DeadlineWheel& wheel() noexcept { return wheel_; }

  /// When the loop's current turn first asked. A turn is what one event sets going; the clock
  /// is read once in it. The worker's thread only.
  Instant now() noexcept {
    if (turn_began_ == Instant{}) turn_began_ = net::now();
    return turn_began_;
  }

  /// Starts the thread.
  void start();
  /// From any thread: the loop ends after what is ready has run.
  void stop();
  void join();

 private:
  void run();
  Task<> turn_wheel();

  const std::size_t index_;
  /// Sockets are used on the worker's thread alone and go without locks; posting is locked.
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  boost::asio::executor_work_guard<Executor> work_;
  DeadlineWheel wheel_;
  Timer wheel_timer_;
  Instant turn_began_{};  ///< none: nobody asked in this turn
  std::thread thread_;
};

}  // namespace weir::net
