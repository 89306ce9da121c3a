#include "forwarding/balance.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace weir::forwarding {
namespace {

std::vector<std::uint32_t> clients_of(const Balance& balance, std::size_t workers) {
  std::vector<std::uint32_t> clients;
  for (std::size_t i = 0; i < workers; ++i) clients.push_back(balance.clients(i));
  return clients;
}

TEST(Balance, AClientStaysWhereItCameInWhileTheWorkersAreEven) {
  Balance balance(4);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(balance.seat(i % 4), i % 4);
}

TEST(Balance, OneWorkerServesAll) {
  Balance balance(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(balance.seat(0), 0U);
}

TEST(Balance, NoneHasMoreThanAQuarterBeyondTheMeanWhereverClientsComeIn) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const std::size_t workers = 2 + seed % 7, number = 8 * workers;
    Balance balance(workers);
    for (std::size_t i = 0; i < number; ++i) balance.seat(seed % 3 == 0 ? 0 : random() % workers);
    const auto clients = clients_of(balance, workers);
    EXPECT_EQ(std::accumulate(clients.begin(), clients.end(), 0U), number);
    EXPECT_LE(*std::max_element(clients.begin(), clients.end()), 10U) << "seed " << seed;
  }
}

TEST(Balance, WhoLeavesMakesRoom) {
  Balance balance(2);
  for (int i = 0; i < 8; ++i) balance.seat(i % 2);
  for (int i = 0; i < 3; ++i) balance.leave(1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(balance.seat(0), 1U);
  EXPECT_EQ(balance.seat(0), 0U) << "one more is no clear difference";
}

}  // namespace
}  // namespace weir::forwarding
