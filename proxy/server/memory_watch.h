#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "model/plan.h"
#include "server/memory_gauge.h"
#include "server/worker_group.h"

namespace weir::server {

/// Looks at the memory ten times a second, tells the workers, and has given back what none of
/// them uses any more. Control thread only.
class MemoryWatch {
 public:
  MemoryWatch(boost::asio::io_context& control, WorkerGroup& workers)
      : control_(control), workers_(workers) {}

  /// For ever. `plan`: asked each time, since a reload may change it.
  boost::asio::awaitable<void> run(std::function<const MemoryPlan&()> plan);
  const MemoryReading& reading() const noexcept { return reading_; }

 private:
  boost::asio::io_context& control_;
  WorkerGroup& workers_;
  MemoryGauge gauge_;
  MemoryReading reading_;
};

}  // namespace weir::server
