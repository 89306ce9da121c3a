#include "forwarding/retry_rules.h"

#include <gtest/gtest.h>

#include <ostream>

namespace weir::forwarding {
namespace {

using http::Method;

struct Cell {
  Attempt attempt;
  std::uint16_t status;
  Method method;
  Next on_stable;  ///< or on canary without shield
  Next on_canary;  ///< with shield
};

constexpr auto finish = Next::finish;
constexpr auto again = Next::same_again;
constexpr auto retry = Next::same_version;
constexpr auto shield = Next::stable;

// The table of the header, a row for each cell.
constexpr Cell cells[] = {
    {Attempt::connect_failed, 0, Method::get, retry, shield},
    {Attempt::connect_failed, 0, Method::put, retry, shield},
    {Attempt::connect_failed, 0, Method::post, retry, shield},
    {Attempt::no_endpoint, 0, Method::get, retry, shield},
    {Attempt::no_endpoint, 0, Method::put, retry, shield},
    {Attempt::no_endpoint, 0, Method::post, retry, shield},
    {Attempt::stale, 0, Method::get, again, again},
    {Attempt::stale, 0, Method::del, again, again},
    {Attempt::stale, 0, Method::post, finish, finish},
    {Attempt::stale, 0, Method::patch, finish, finish},
    {Attempt::stale, 0, Method::other, finish, finish},
    {Attempt::reset, 0, Method::get, retry, shield},
    {Attempt::reset, 0, Method::head, retry, shield},
    {Attempt::reset, 0, Method::put, retry, retry},
    {Attempt::reset, 0, Method::post, finish, finish},
    {Attempt::bad_response, 0, Method::get, finish, shield},
    {Attempt::bad_response, 0, Method::put, finish, finish},
    {Attempt::bad_response, 0, Method::post, finish, finish},
    {Attempt::answered, 200, Method::get, finish, finish},
    {Attempt::answered, 404, Method::get, finish, finish},
    {Attempt::answered, 500, Method::get, finish, finish},
    {Attempt::answered, 501, Method::get, finish, finish},
    {Attempt::answered, 502, Method::get, finish, shield},
    {Attempt::answered, 503, Method::options, finish, shield},
    {Attempt::answered, 504, Method::get, finish, shield},
    {Attempt::answered, 503, Method::put, finish, finish},
    {Attempt::answered, 503, Method::post, finish, finish},
    {Attempt::timed_out, 0, Method::get, finish, finish},
    {Attempt::overflow, 0, Method::get, finish, finish},
    {Attempt::client_gone, 0, Method::get, finish, finish},
    {Attempt::bad_request, 0, Method::get, finish, finish},
};

Situation situation(const Cell& cell, bool on_canary) {
  return {.attempt = cell.attempt,
          .status = cell.status,
          .method = cell.method,
          .on_canary = on_canary};
}

TEST(RetryRules, FollowTheTable) {
  for (const auto& cell : cells) {
    const auto where = testing::Message() << "attempt " << int(cell.attempt) << " status "
                                          << cell.status << " method " << int(cell.method);
    EXPECT_EQ(next_after(situation(cell, false)), cell.on_stable) << where;
    EXPECT_EQ(next_after(situation(cell, true)), cell.on_canary) << where;
    auto unshielded = situation(cell, true);
    unshielded.shield = false;
    EXPECT_EQ(next_after(unshielded), cell.on_stable) << where;
  }
}

TEST(RetryRules, NothingIsSentAgainOnceABodyWasStreamed) {
  for (const auto& cell : cells) {
    auto streamed = situation(cell, true);
    streamed.body_whole = false;
    EXPECT_EQ(next_after(streamed), Next::finish);
  }
}

TEST(RetryRules, AVersionIsRetriedOnceButStillShielded) {
  for (const auto& cell : cells) {
    auto retried = situation(cell, false);
    retried.retried = true;
    EXPECT_NE(next_after(retried), Next::same_version);
    retried.on_canary = true;
    if (cell.on_canary != Next::stable) continue;
    EXPECT_EQ(next_after(retried), Next::stable);
  }
}

TEST(RetryRules, A500IsShieldedOnlyWhereAsked) {
  const Cell cell{Attempt::answered, 500, Method::get, finish, finish};
  auto asked = situation(cell, true);
  asked.shield_on_500 = true;
  EXPECT_EQ(next_after(asked), Next::stable);
}

}  // namespace
}  // namespace weir::forwarding
