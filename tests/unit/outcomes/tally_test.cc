#include "outcomes/tally.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <numeric>
#include <thread>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;

Outcome answered(std::uint16_t status, std::chrono::nanoseconds latency = 1ms) {
  Outcome outcome;
  outcome.status = status;
  outcome.latency = latency;
  return outcome;
}

Outcome ended(Ending ending, std::uint16_t status = 0) {
  Outcome outcome = answered(status);
  outcome.ending = ending;
  return outcome;
}

Counts counts_of(const Outcome& outcome, bool slow = false) {
  Tally tally;
  tally.record(outcome, slow);
  return tally.read();
}

template <class Buckets>
std::uint64_t sum(const Buckets& buckets) {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

TEST(Tally, CountsByStatusClass) {
  const std::pair<std::uint16_t, std::size_t> rules[] = {
      {0, 0}, {101, 1}, {200, 2}, {299, 2}, {301, 3}, {404, 4}, {500, 5}, {599, 5}, {999, 5}};
  for (const auto& [status, index] : rules) {
    const auto counts = counts_of(answered(status));
    EXPECT_EQ(counts.by_class[index], 1U) << status;
    EXPECT_EQ(counts.requests(), 1U) << status;
  }
}

TEST(Tally, BoundsOfLatencyBucketsAreInclusive) {
  for (std::size_t i = 0; i < latency_bounds_ms.size(); ++i) {
    const auto bound = std::chrono::milliseconds(latency_bounds_ms[i]);
    EXPECT_EQ(counts_of(answered(200, bound)).by_latency[i], 1U) << bound.count() << " ms";
    EXPECT_EQ(counts_of(answered(200, bound + 1ns)).by_latency[i + 1], 1U) << bound.count();
  }
  EXPECT_EQ(counts_of(answered(200, 0ns)).by_latency.front(), 1U);
  EXPECT_EQ(counts_of(answered(200, 24h)).by_latency.back(), 1U);
}

TEST(Tally, SumsLatencyAndTakesANegativeOneForNone) {
  Tally tally;
  for (const auto latency : {3ns, 4ns, -5ns}) tally.record(answered(200, latency), false);
  EXPECT_EQ(tally.read().latency_ns, 7U);
}

struct EvidenceRule {
  const char* name;
  Outcome outcome;
  bool slow;
  std::array<std::uint64_t, 3> counted;  ///< requests, errors, slow
};

TEST(Tally, CountsEvidenceOnlyOfWhatMaySpeakForTheVersion) {
  auto preview = answered(500);
  preview.preview = true;
  auto earlier = answered(500);
  earlier.current_epoch = false;
  const EvidenceRule rules[] = {
      {"good", answered(200), false, {1, 0, 0}},
      {"good and slow", answered(200), true, {1, 0, 1}},
      {"bad", answered(502), false, {1, 1, 0}},
      {"bad and slow", ended(Ending::timed_out), true, {1, 1, 1}},
      {"no connection", ended(Ending::connect_failed), false, {1, 1, 0}},
      {"client gone", ended(Ending::client_aborted, 500), true, {0, 0, 0}},
      {"refused by Weir", ended(Ending::overflow), true, {0, 0, 0}},
      {"preview", preview, true, {0, 0, 0}},
      {"earlier epoch", earlier, true, {0, 0, 0}},
  };
  for (const auto& rule : rules) {
    const auto counts = counts_of(rule.outcome, rule.slow);
    const std::array counted{counts.evidence_requests, counts.evidence_errors,
                             counts.evidence_slow};
    EXPECT_EQ(counted, rule.counted) << rule.name;
    EXPECT_EQ(counts.requests(), 1U) << rule.name << ": every exchange is a request";
  }
}

TEST(Tally, CountsWhatIsNoOutcomeApart) {
  Tally tally;
  tally.record(ended(Ending::client_aborted), false);
  for (int i = 0; i < 2; ++i) tally.record(ended(Ending::overflow), false);
  for (int i = 0; i < 3; ++i) tally.count_retry();
  for (int i = 0; i < 4; ++i) tally.count_shielded();
  for (int i = 0; i < 5; ++i) tally.count_budget_exhausted();
  for (int i = 0; i < 6; ++i) tally.count_connect(true);
  for (int i = 0; i < 7; ++i) tally.count_connect(false);
  for (int i = 0; i < 8; ++i) tally.count_idle_overflow();
  const auto counts = tally.read();
  EXPECT_EQ(counts.client_aborts, 1U);
  EXPECT_EQ(counts.overflows, 2U);
  EXPECT_EQ(counts.retries, 3U);
  EXPECT_EQ(counts.shielded, 4U);
  EXPECT_EQ(counts.budget_exhausted, 5U);
  EXPECT_EQ(counts.connects, 6U);
  EXPECT_EQ(counts.connect_failures, 7U);
  EXPECT_EQ(counts.idle_overflows, 8U);
}

TEST(Tally, CountsTunnelsThatOpenAndClose) {
  Tally tally;
  for (int i = 0; i < 5; ++i) tally.tunnel_opened();
  for (int i = 0; i < 3; ++i) tally.tunnel_closed();
  tally.tunnel_switched();
  const auto counts = tally.read();
  EXPECT_EQ(counts.tunnels_opened, 5U);
  EXPECT_EQ(counts.tunnels_switched, 1U);
  EXPECT_EQ(counts.tunnels_open(), 2U);
}

TEST(Tally, ActiveIsWhatStartedAndDidNotEnd) {
  Tally tally;
  for (int i = 0; i < 3; ++i) tally.exchange_started();
  tally.exchange_ended();
  EXPECT_EQ(tally.active(), 2U);
}

// A different value in every member, so that none can be forgotten or mistaken.
Counts numbered(std::uint64_t factor) {
  Counts counts;
  std::uint64_t number = 0;
  for (auto& count : counts.by_class) count = factor * ++number;
  for (auto& count : counts.by_latency) count = factor * ++number;
  for (auto* count : {&counts.latency_ns, &counts.client_aborts, &counts.retries, &counts.shielded,
                      &counts.budget_exhausted, &counts.connects, &counts.connect_failures,
                      &counts.overflows, &counts.idle_overflows, &counts.tunnels_opened,
                      &counts.tunnels_closed, &counts.tunnels_switched, &counts.evidence_requests,
                      &counts.evidence_errors, &counts.evidence_slow}) {
    *count = factor * ++number;
  }
  return counts;
}

TEST(Counts, OfTwoWorkersAddUpMemberByMember) {
  auto total = numbered(1);
  total += numbered(2);
  EXPECT_EQ(total, numbered(3));
}

TEST(Counts, SinceAnEarlierReadingAreTheDifferenceMemberByMember) {
  EXPECT_EQ(numbered(3) - numbered(1), numbered(2));
}

TEST(Tally, AnyThreadReadsItWhileItsWorkerWrites) {
  constexpr std::uint64_t exchanges = 3'000'000;
  Tally tally;
  std::atomic<bool> done{false};
  std::thread worker([&tally, &done] {
    for (std::uint64_t i = 0; i < exchanges; ++i) {
      tally.exchange_started();
      tally.record(answered(500), true);
      tally.exchange_ended();
    }
    done = true;
  });
  Counts last;
  while (!done) {
    const auto counts = tally.read();
    EXPECT_GE(counts.evidence_requests, last.evidence_requests);
    EXPECT_GE(counts.by_class[5], last.by_class[5]);
    EXPECT_LE(counts.evidence_errors, counts.evidence_requests);
    EXPECT_LE(counts.evidence_slow, counts.evidence_requests);
    EXPECT_LE(tally.active(), exchanges) << "never negative";
    last = counts;
  }
  worker.join();
  const auto counts = tally.read();
  EXPECT_EQ(counts.requests(), exchanges);
  EXPECT_EQ(sum(counts.by_latency), exchanges);
  EXPECT_EQ(counts.evidence_errors, exchanges);
  EXPECT_EQ(tally.active(), 0U);
}

}  // namespace
}  // namespace weir::outcomes
