#include "forwarding/refusal_log.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weir::forwarding {
namespace {

using namespace std::chrono_literals;

const Instant start = Instant(1h);

TEST(RefusalLog, TellsOfTheFirstInEachIntervalAndHowManyItDidNotTell) {
  RefusalLog log;
  EXPECT_EQ(log.admit(Refusal::no_service, start, 10s), 0U);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(log.admit(Refusal::no_service, start + 9'999ms, 10s));
  EXPECT_EQ(log.admit(Refusal::no_service, start + 10s, 10s), 7U);
  EXPECT_FALSE(log.admit(Refusal::no_service, start + 11s, 10s));
}

TEST(RefusalLog, KeepsReasonsApart) {
  RefusalLog log;
  EXPECT_EQ(log.admit(Refusal::no_service, start, 10s), 0U);
  EXPECT_EQ(log.admit(Refusal::head_timeout, start, 10s), 0U);
  EXPECT_EQ(log.admit(http::Fault::bad_host, start, 10s), 0U);
  EXPECT_FALSE(log.admit(http::Fault::bad_host, start, 10s));
}

TEST(RefusalLog, KeepsHandshakesWithClientsAndPoolsApart) {
  RefusalLog log;
  EXPECT_EQ(log.admit(HandshakePeer::client, net::TlsFailure::timeout, start, 10s), 0U);
  EXPECT_EQ(log.admit(HandshakePeer::pool, net::TlsFailure::timeout, start, 10s), 0U);
  EXPECT_EQ(log.admit(HandshakePeer::client, net::TlsFailure::closed, start, 10s), 0U);
  EXPECT_FALSE(log.admit(HandshakePeer::pool, net::TlsFailure::timeout, start, 10s));
}

TEST(RefusalLog, TellsOfAllWithoutAnInterval) {
  RefusalLog log;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(log.admit(http::Fault::bad_host, start, 0ms), 0U);
}

TEST(RefusalLog, LosesNoneWhenWorkersMeet) {
  RefusalLog log;
  constexpr std::uint64_t each = 10'000;
  std::atomic<std::uint64_t> told{0}, counted{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      for (std::uint64_t n = 0; n < each; ++n) {
        const auto untold = log.admit(Refusal::no_service, start + n * 1us, 1ms);
        if (!untold) continue;
        ++told;
        counted += *untold;
      }
    });
  }
  for (auto& worker : workers) worker.join();
  counted += log.admit(Refusal::no_service, start + 1h, 1ms).value_or(0);
  EXPECT_EQ(told + counted, 4 * each);
  EXPECT_LE(told, 11U) << "ten milliseconds, one in each";
}

}  // namespace
}  // namespace weir::forwarding
