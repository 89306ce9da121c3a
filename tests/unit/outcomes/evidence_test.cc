#include "outcomes/evidence.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace weir::outcomes {
namespace {

using namespace std::chrono_literals;

constexpr auto span = 2'000ms;  // slices of 100 ms
constexpr auto slice = span / 20;

Instant at(Milliseconds since_start) { return Instant(since_start + 1h); }

Observation seen(std::uint64_t stable, std::uint64_t canary, Weight weight = Weight::percent(5)) {
  return {{stable, stable / 2, stable / 3}, {canary, canary / 2, canary / 3}, weight};
}

TEST(EvidenceCounts, AddAndSubtractMemberByMember) {
  EvidenceCounts counts{5, 3, 2};
  counts += {10, 20, 30};
  EXPECT_EQ(counts, (EvidenceCounts{15, 23, 32}));
  EXPECT_EQ(counts - (EvidenceCounts{5, 3, 2}), (EvidenceCounts{10, 20, 30}));
}

TEST(EvidenceCounts, NeverFallBelowZero) {
  EXPECT_EQ((EvidenceCounts{5, 3, 2} - EvidenceCounts{6, 3, 9}), EvidenceCounts{});
}

TEST(EvidenceWindow, SumsBothVersionsOverTheSpan) {
  EvidenceWindow window(span);
  window.add(seen(6, 12), at(0ms));
  window.add(seen(12, 6), at(1'500ms));
  const auto total = window.sum(at(1'500ms));
  EXPECT_EQ(total.stable, (EvidenceCounts{18, 9, 6}));
  EXPECT_EQ(total.canary, (EvidenceCounts{18, 9, 6}));
}

TEST(EvidenceWindow, ForgetsASliceAtATime) {
  EvidenceWindow window(span);
  window.add(seen(0, 1), at(0ms));
  window.add(seen(0, 10), at(slice));
  const std::pair<Milliseconds, std::uint64_t> rules[] = {
      {slice, 11},       {span - 1ms, 11}, {span, 10}, {span + slice - 1ms, 10},
      {span + slice, 0}, {100 * span, 0}};
  for (const auto& [now, requests] : rules) {
    EXPECT_EQ(window.sum(at(now)).canary.requests, requests) << now.count() << " ms";
  }
}

TEST(EvidenceWindow, ReusesItsSlicesAfterAnyPause) {
  EvidenceWindow window(span);
  for (const auto now : {0ms, 20 * 100ms, 400 * 100ms}) {
    window.add(seen(0, 1), at(now));
    EXPECT_EQ(window.sum(at(now)).canary.requests, 1U) << now.count() << " ms";
  }
}

TEST(EvidenceWindow, TakesABackwardClockForTheLatestTimeSeen) {
  EvidenceWindow window(span);
  window.add(seen(0, 1), at(10 * span));
  window.add(seen(0, 2), at(0ms));
  EXPECT_EQ(window.sum(at(0ms)).canary.requests, 3U);
  EXPECT_EQ(window.sum(at(10 * span + span - 1ms)).canary.requests, 3U);
  EXPECT_EQ(window.sum(at(11 * span)).canary.requests, 0U);
}

TEST(EvidenceWindow, KnowsTheWeightObservedLast) {
  EvidenceWindow window(span);
  window.add(seen(1, 1, Weight::percent(5)), at(0ms));
  window.add(seen(1, 1, Weight::all()), at(1ms));
  EXPECT_EQ(window.sum(at(1ms)).weight, Weight::all());
}

TEST(EvidenceWindow, IsEmptyOnceCleared) {
  EvidenceWindow window(span);
  window.add(seen(8, 8), at(0ms));
  window.clear();
  EXPECT_EQ(window.sum(at(0ms)).stable, EvidenceCounts{});
  EXPECT_EQ(window.sum(at(0ms)).canary, EvidenceCounts{});
  EXPECT_EQ(window.sum(at(0ms)).weight, Weight::none());
}

TEST(EvidenceWindow, LooksBackBetweenNineteenAndTwentySlices) {
  std::mt19937 random(20'261'124);
  EvidenceWindow window(span);
  std::deque<std::pair<Milliseconds, std::uint64_t>> added;
  Milliseconds now{0};
  for (int i = 0; i < 20'000; ++i) {
    now += Milliseconds(random() % 250);
    const std::uint64_t requests = random() % 5;
    window.add(seen(0, requests), at(now));
    added.emplace_back(now, requests);
    while (added.front().first <= now - span) added.pop_front();
    std::uint64_t most = 0, least = 0;
    for (const auto& [when, count] : added) {
      most += count;
      if (when > now - 19 * slice) least += count;
    }
    const auto sum = window.sum(at(now)).canary.requests;
    ASSERT_GE(sum, least);
    ASSERT_LE(sum, most);
  }
}

}  // namespace
}  // namespace weir::outcomes
