#include "upstream/pool_health.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace weir::upstream {
namespace {

HealthCheck rise_fall(std::uint32_t rise, std::uint32_t fall) {
  HealthCheck check;
  check.rise = rise;
  check.fall = fall;
  return check;
}

/// '?' unknown, 'h' healthy, 'u' unhealthy, 'e' ejected.
EndpointHealth health_of(char letter) {
  switch (letter) {
    case 'h':
      return EndpointHealth::healthy;
    case 'u':
      return EndpointHealth::unhealthy;
    case 'e':
      return EndpointHealth::ejected;
    default:
      return EndpointHealth::unknown;
  }
}

/// One result per letter ('+' passed, '-' failed); answers the health after each.
std::string checked(std::string_view results, const HealthCheck& check) {
  EndpointCheckState state;
  std::string seen;
  for (const char result : results) {
    const auto before = state.health();
    const bool changed = state.record(result == '+', check);
    EXPECT_EQ(changed, before != state.health()) << results;
    seen += state.health() == EndpointHealth::healthy ? 'h' : 'u';
  }
  return seen;
}

std::vector<Endpoint> pool(std::string_view letters) {
  std::vector<Endpoint> endpoints;
  for (const char letter : letters) {
    endpoints.push_back({endpoints.size() + 1, {}, 80, health_of(letter)});
  }
  return endpoints;
}

PoolPlan panic_below(std::uint32_t basis_points) {
  PoolPlan plan;
  plan.panic_below = *Weight::from_basis_points(basis_points);
  return plan;
}

TEST(EndpointCheckState, FirstResultDecidesThenRiseOrFallInARow) {
  struct Case {
    std::uint32_t rise, fall;
    std::string_view results, expected;
  };
  const Case cases[] = {
      {2, 3, "+", "h"},
      {2, 3, "-", "u"},
      {2, 3, "+---", "hhhu"},
      {2, 3, "-++", "uuh"},
      {2, 3, "+--+--+---", "hhhhhhhhhu"},  // a pass between failures starts the count anew
      {2, 3, "-+-+-++", "uuuuuuh"},
      {1, 1, "+-+-", "huhu"},
      {0, 0, "+-+-", "huhu"},
  };
  for (const auto& [rise, fall, results, expected] : cases) {
    EXPECT_EQ(checked(results, rise_fall(rise, fall)), expected) << results;
  }
}

TEST(EndpointCheckState, IsUnknownAndUsableBeforeTheFirstResult) {
  EXPECT_EQ(EndpointCheckState().health(), EndpointHealth::unknown);
}

TEST(PoolView, CandidatesAreTheUsableOnesUnlessTooFewAre) {
  struct Case {
    std::string_view pool;
    std::uint32_t panic_below;
    std::vector<std::uint32_t> candidates;
    std::uint32_t healthy;
    bool panic;
  };
  const Case cases[] = {
      {"", 5'000, {}, 0, false},
      {"?", 5'000, {0}, 1, false},
      {"u", 5'000, {0}, 0, true},
      {"hu", 5'000, {0}, 1, false},  // exactly the share is not below it
      {"huu", 5'000, {0, 1, 2}, 1, true},
      {"ueh", 3'334, {0, 1, 2}, 1, true},
      {"ueh", 3'333, {2}, 1, false},
      {"h?eu", 5'000, {0, 1}, 2, false},
      {"uu", 0, {}, 0, false},  // panic switched off
      {"hh", 10'000, {0, 1}, 2, false},
      {"hhu", 10'000, {0, 1, 2}, 2, true},
  };
  for (const auto& [letters, below, candidates, healthy, panic] : cases) {
    const auto view = make_pool_view(pool(letters), panic_below(below));
    EXPECT_EQ(view.candidates, candidates) << letters;
    EXPECT_EQ(view.healthy, healthy) << letters;
    EXPECT_EQ(view.panic, panic) << letters;
    EXPECT_EQ(view.endpoints, pool(letters)) << "flags stay, in panic too";
  }
}

TEST(PoolView, AnEmptyChoiceNeedsAnEmptyPoolOrPanicSwitchedOff) {
  std::mt19937 random(4'711);
  constexpr std::string_view letters = "?hue";
  for (int round = 0; round < 2'000; ++round) {
    std::string drawn(1 + random() % 12, '?');
    for (auto& letter : drawn) letter = letters[random() % letters.size()];
    const auto view =
        make_pool_view(pool(drawn), panic_below(static_cast<std::uint32_t>(1 + random() % 10'000)));
    ASSERT_FALSE(view.candidates.empty()) << drawn;
    ASSERT_EQ(view.candidates.size(), view.panic ? drawn.size() : view.healthy) << drawn;
  }
}

TEST(Jitter, StaysWithinItsShareAndReachesBothEnds) {
  std::mt19937_64 random(7);
  Milliseconds shortest = Milliseconds::max(), longest{0};
  for (int draw = 0; draw < 20'000; ++draw) {
    const auto pause = jittered(Milliseconds(2'000), Weight::percent(15), random());
    shortest = std::min(shortest, pause);
    longest = std::max(longest, pause);
  }
  EXPECT_EQ(shortest, Milliseconds(1'700));
  EXPECT_EQ(longest, Milliseconds(2'300));
  EXPECT_EQ(jittered(Milliseconds(2'000), Weight::none(), random()), Milliseconds(2'000));
  EXPECT_EQ(jittered(Milliseconds(2), Weight::all(), 0), Milliseconds(1)) << "never a busy loop";
}

TEST(FirstCheck, IsAtOnceForSmallPoolsAndWithinOneIntervalForLargeOnes) {
  EXPECT_EQ(first_check_after(0, Milliseconds(2'000)), Milliseconds(0));
  EXPECT_EQ(first_check_after(3, Milliseconds(2'000)), Milliseconds(30));
  EXPECT_EQ(first_check_after(250, Milliseconds(2'000)), Milliseconds(500));
  EXPECT_EQ(first_check_after(5, Milliseconds(0)), Milliseconds(0));
}

}  // namespace
}  // namespace weir::upstream
