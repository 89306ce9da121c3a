#include "upstream/ejection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace weir::upstream {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{};

Ejection plan(std::uint32_t max_percent = 10) {
  Ejection ejection;
  ejection.base = 10s;
  ejection.longest = 35s;
  ejection.max_share = *Weight::from_basis_points(max_percent * 100);
  return ejection;
}

/// Ids 1…n, all usable.
std::vector<Endpoint> pool_of(std::size_t size) {
  std::vector<Endpoint> pool(size);
  for (std::size_t i = 0; i < size; ++i) pool[i].id = i + 1;
  return pool;
}

/// Ejects and marks, as the owner of the pool does.
bool eject(EjectionBoard& board, std::vector<Endpoint>& pool, EndpointId id, Instant now) {
  const bool ejected = board.propose(id, pool, now);
  if (ejected) pool[id - 1].health = EndpointHealth::ejected;
  return ejected;
}

TEST(Ejection, TakesOneOfASmallPoolButNeverItsLast) {
  struct Case {
    std::size_t size;
    std::uint32_t max_percent;
    std::size_t ejected;
  };
  const Case cases[] = {{1, 10, 0},  {1, 100, 0},  {2, 10, 1},  {2, 100, 1}, {3, 10, 1},
                        {9, 10, 1},  {20, 10, 2},  {29, 10, 2}, {4, 50, 2},  {5, 50, 2},
                        {3, 100, 2}, {10, 100, 9}, {10, 0, 1}};
  for (const auto& [size, max_percent, expected] : cases) {
    EjectionBoard board(plan(max_percent));
    auto pool = pool_of(size);
    for (EndpointId id = 1; id <= size; ++id) eject(board, pool, id, start);
    EXPECT_EQ(board.ejected(), expected) << size << " at " << max_percent << "%";
    EXPECT_EQ(board.ejections_total(), expected);
    EXPECT_EQ(board.refusals_total(), size - expected);
  }
}

TEST(Ejection, LeavesTheOnlyUsableOneAmongUnhealthyOnes) {
  EjectionBoard board(plan(100));
  auto pool = pool_of(3);
  pool[0].health = pool[1].health = EndpointHealth::unhealthy;
  EXPECT_FALSE(board.propose(3, pool, start));
  EXPECT_FALSE(board.propose(1, pool, start)) << "not usable anyway";
  EXPECT_EQ(board.refusals_total(), 1U);
}

TEST(Ejection, IgnoresStrangersRepeatsAndPoolsWhereItIsOff) {
  EjectionBoard board(plan(100));
  auto pool = pool_of(5);
  EXPECT_FALSE(board.propose(99, pool, start));
  EXPECT_TRUE(board.propose(1, pool, start));
  EXPECT_FALSE(board.propose(1, pool, start)) << "already out, though the pool does not say so";
  auto off = plan(100);
  off.consecutive_failures = 0;
  board.adopt(off);
  EXPECT_FALSE(board.propose(2, pool, start));
  EXPECT_EQ(board.ejections_total(), 1U);
}

TEST(Ejection, LastsLongerEachTimeUpToTheLongest) {
  EjectionBoard board(plan());
  const auto pool = pool_of(3);
  Instant now = start;
  for (const auto expected : {10s, 20s, 30s, 35s, 35s}) {
    ASSERT_TRUE(board.propose(2, pool, now));
    EXPECT_EQ(board.next_release(), now + expected);
    EXPECT_TRUE(board.release(now + expected - 1ms).empty());
    EXPECT_TRUE(board.is_ejected(2));
    now += expected;
    EXPECT_EQ(board.release(now), std::vector<EndpointId>{2});
    EXPECT_FALSE(board.is_ejected(2));
    EXPECT_EQ(board.next_release(), std::nullopt);
  }
}

TEST(Ejection, IsLivedDownOneBaseAtATime) {
  struct Case {
    std::chrono::seconds quiet, third_lasts;
  };
  for (const auto& [quiet, third_lasts] :
       {Case{9s, 30s}, Case{10s, 20s}, Case{19s, 20s}, Case{20s, 10s}, Case{3600s, 10s}}) {
    EjectionBoard board(plan());
    const auto pool = pool_of(3);
    board.propose(1, pool, start);
    board.release(start + 10s);
    board.propose(1, pool, start + 10s);
    const auto back = start + 30s;
    board.release(back);
    ASSERT_TRUE(board.propose(1, pool, back + quiet));
    EXPECT_EQ(board.next_release(), back + quiet + third_lasts) << quiet.count();
  }
}

TEST(Ejection, ReleasesInOrderOfTimeAndForgetsTheRemoved) {
  EjectionBoard board(plan(100));
  auto pool = pool_of(4);
  eject(board, pool, 3, start);
  eject(board, pool, 1, start + 5s);
  EXPECT_EQ(board.next_release(), start + 10s);
  board.retain(std::span(pool).first(2));
  EXPECT_FALSE(board.is_ejected(3));
  EXPECT_EQ(board.next_release(), start + 15s);
  EXPECT_EQ(board.release(start + 60s), std::vector<EndpointId>{1});
  EXPECT_EQ(board.ejections_total(), 2U) << "totals never fall";
}

TEST(Ejection, WhateverHappensAnotherStaysUsableAndTheShareHolds) {
  std::mt19937 random(1'302);
  for (int round = 0; round < 200; ++round) {
    const auto percent = static_cast<std::uint32_t>(random() % 101);
    auto pool = pool_of(1 + random() % 25);
    EjectionBoard board(plan(percent));
    Instant now = start;
    for (int event = 0; event < 60; ++event) {
      now += Milliseconds(random() % 8'000);
      for (const auto id : board.release(now)) pool[id - 1].health = EndpointHealth::healthy;
      eject(board, pool, 1 + random() % pool.size(), now);
      const auto usable = std::ranges::count_if(pool, &Endpoint::usable);
      ASSERT_GE(usable, 1);
      ASSERT_LE(board.ejected(), std::max<std::size_t>(1, pool.size() * percent / 100));
    }
  }
}

}  // namespace
}  // namespace weir::upstream
