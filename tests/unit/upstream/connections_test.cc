#include "upstream/connections.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace weir::upstream {
namespace {

using std::chrono::milliseconds;

constexpr Instant start{};

PoolView pool_of(std::size_t count, std::vector<std::uint32_t> candidates) {
  PoolView pool;
  for (EndpointId id = 1; id <= count; ++id) {
    pool.endpoints.emplace_back().id = id;
    pool.endpoints.back().health = EndpointHealth::unhealthy;
  }
  for (const auto candidate : candidates) {
    pool.endpoints[candidate].health = EndpointHealth::healthy;
  }
  pool.candidates = std::move(candidates);
  return pool;
}

class PooledConnections : public testing::Test {
 protected:
  net::Socket open_socket() {
    net::Socket socket(context.get_executor());
    socket.open(net::Tcp::v4());
    return socket;
  }
  boost::asio::io_context context{1};
  Connections connections{42};
};

TEST_F(PooledConnections, AnEmptyPoolHasNoChoice) {
  EXPECT_EQ(connections.choose(pool_of(2, {}), 0), nullptr);
}

TEST_F(PooledConnections, OnlyCandidatesAreChosen) {
  const auto pool = pool_of(4, {1, 3});
  std::map<EndpointId, int> chosen;
  for (int i = 0; i < 1'000; ++i) ++chosen[connections.choose(pool, 0)->id];
  EXPECT_EQ(chosen.size(), 2U);
  EXPECT_GT(chosen[2], 300);
  EXPECT_GT(chosen[4], 300);
}

TEST_F(PooledConnections, TheLessLoadedOfTwoIsChosen) {
  const auto pool = pool_of(2, {0, 1});
  const EndpointUse busy(connections, 1, {});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(connections.choose(pool, 0)->id, 2U);
}

TEST_F(PooledConnections, LoadEvensOutOverManyEndpoints) {
  const auto pool = pool_of(10, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  std::vector<std::unique_ptr<EndpointUse>> uses;
  std::map<EndpointId, int> load;
  for (int i = 0; i < 1'000; ++i) {
    const auto id = connections.choose(pool, 0)->id;
    uses.push_back(std::make_unique<EndpointUse>(connections, id, PoolPlace{}));
    ++load[id];
  }
  for (const auto& [id, count] : load) EXPECT_NEAR(count, 100, 5) << id;
}

TEST_F(PooledConnections, ASecondTryGoesElsewhereAndToAUsableOne) {
  auto pool = pool_of(3, {0, 2});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(connections.choose(pool, 1)->id, 3U);
  pool.candidates = {0, 1, 2};  // panic
  pool.panic = true;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(connections.choose(pool, 3)->id, 1U);
}

TEST_F(PooledConnections, ASecondTryAvoidsWhoeverHasJustFailedIfItCan) {
  const auto pool = pool_of(3, {0, 1, 2});
  connections.of(2).consecutive_failures = 1;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(connections.choose(pool, 1)->id, 3U);
  connections.of(3).consecutive_failures = 1;
  std::map<EndpointId, int> chosen;
  for (int i = 0; i < 100; ++i) ++chosen[connections.choose(pool, 1)->id];
  EXPECT_EQ(chosen.size(), 2U);
}

TEST_F(PooledConnections, TheOnlyEndpointIsTriedAgain) {
  EXPECT_EQ(connections.choose(pool_of(1, {0}), 1)->id, 1U);
}

TEST_F(PooledConnections, IdleOnesAreReusedYoungestFirstWithinTheirLimit) {
  connections.keep(1, open_socket(), 8, start);
  connections.keep(1, open_socket(), 8, start + milliseconds(1'000));
  const auto young = connections.take_idle(1, milliseconds(1'500), start + milliseconds(2'000));
  ASSERT_TRUE(young);
  EXPECT_TRUE(young->reused);
  EXPECT_FALSE(connections.take_idle(1, milliseconds(1'500), start + milliseconds(2'000)));
  EXPECT_EQ(connections.idle_count(), 0U);
}

TEST_F(PooledConnections, KeepsNoMoreThanAllowed) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(connections.keep(1, open_socket(), 2, start), i < 2);
  EXPECT_EQ(connections.idle_count(), 2U);
}

TEST_F(PooledConnections, SweepClosesTheOldAndTheUnknown) {
  connections.keep(1, open_socket(), 8, start);
  connections.keep(1, open_socket(), 8, start + milliseconds(900));
  connections.keep(2, open_socket(), 8, start + milliseconds(900));
  const auto limit_of = [](PoolPlace, EndpointId endpoint) {
    return endpoint == 1 ? std::optional(milliseconds(500)) : std::nullopt;
  };
  connections.sweep(limit_of, start + milliseconds(1'000));
  EXPECT_EQ(connections.idle_count(), 1U);
}

}  // namespace
}  // namespace weir::upstream
