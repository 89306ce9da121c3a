#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "forwarding/forwarding_worker.h"
#include "net/worker.h"
#include "outcomes/service_tally.h"

namespace weir::server {

/// One worker with what it forwards by and counts into.
struct Lane {
  Lane(std::size_t index, forwarding::ForwardingWorker::Setup setup)
      : worker(index), forwarding(worker, std::move(setup)) {}
  net::Worker worker;
  forwarding::ForwardingWorker forwarding;
  std::vector<std::unique_ptr<outcomes::ServiceTally>> tallies;  ///< by service index
};
using Lanes = std::vector<std::unique_ptr<Lane>>;

}  // namespace weir::server
