#include "net/worker.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <utility>

namespace weir::net {
namespace {

/// What the worker's clock said twice in one turn, with real time between.
std::pair<Instant, Instant> in_one_turn(Worker& worker) {
  std::promise<std::pair<Instant, Instant>> seen;
  boost::asio::post(worker.context(), [&] {
    const auto first = worker.now();
    for (const auto asked = now(); now() == asked;) continue;
    seen.set_value({first, worker.now()});
  });
  return seen.get_future().get();
}

TEST(WorkerClock, StandsStillInATurnAndGoesOnInTheNext) {
  Worker worker(0);
  const auto before = worker.now();  // by who made it: says nothing to the first turn
  worker.start();
  const auto [first, again] = in_one_turn(worker);
  EXPECT_EQ(first, again);
  EXPECT_GT(first, before);
  EXPECT_GT(in_one_turn(worker).first, first);
}

}  // namespace
}  // namespace weir::net
