#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "forwarding/occupancy.h"
#include "model/plan.h"
#include "server/memory_gauge.h"

namespace weir::server {

/// Looks at the memory ten times a second and tells the workers. Control thread only.
class MemoryWatch {
 public:
  MemoryWatch(boost::asio::io_context& control, forwarding::Occupancy& occupancy)
      : control_(control), occupancy_(occupancy) {}

  /// For ever. `plan`: asked each time, since a reload may change it.
  boost::asio::awaitable<void> run(std::function<const MemoryPlan&()> plan);
  const MemoryReading& reading() const noexcept { return reading_; }

 private:
  boost::asio::io_context& control_;
  forwarding::Occupancy& occupancy_;
  MemoryReading reading_;
};

}  // namespace weir::server
