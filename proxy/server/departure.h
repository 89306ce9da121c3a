#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "model/plan.h"
#include "server/worker_group.h"

namespace weir::server {

/// How the clients of a process are let go. Control thread only.
class Departure {
 public:
  Departure(boost::asio::io_context& control, WorkerGroup& workers)
      : control_(control), workers_(workers) {}

  /// For that long, or until `hurry`.
  boost::asio::awaitable<void> rest(Milliseconds duration);
  /// Returns once the last client has gone: with its next answer, as it is idle for
  /// `drain.idle`, or at `drain.deadline`.
  boost::asio::awaitable<void> let_clients_finish(DrainPlan plan);
  /// From now on nobody is waited for.
  void hurry() noexcept { hurry_ = true; }

 private:
  boost::asio::awaitable<void> none_left();

  boost::asio::io_context& control_;
  WorkerGroup& workers_;
  bool hurry_ = false;
};

}  // namespace weir::server
