#include "forwarding/retry_rules.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace weir::forwarding {
namespace {

using http::Method;

constexpr auto finish = Next::finish;
constexpr auto again = Next::same_again;
constexpr auto elsewhere = Next::elsewhere;
constexpr auto retry = Next::same_version;
constexpr auto shield = Next::stable;

/// A cell of the header's table: on stable, or on canary without shield; and with it.
struct Cell {
  Next unshielded, shielded;
};
constexpr Cell finishes{finish, finish}, goes_again{again, again}, retries{retry, retry};
constexpr Cell is_shielded{finish, shield}, shielded_or_retried{retry, shield};
constexpr Cell shielded_or_elsewhere{elsewhere, shield};

struct Row {
  Attempt attempt;
  std::uint16_t status;
  Cell safe, idempotent, other;
};

constexpr Row table[] = {
    {Attempt::no_endpoint, 0, shielded_or_retried, shielded_or_retried, shielded_or_retried},
    {Attempt::connect_failed, 0, shielded_or_elsewhere, shielded_or_elsewhere,
     shielded_or_elsewhere},
    {Attempt::unsent, 0, goes_again, goes_again, goes_again},
    {Attempt::stale, 0, goes_again, goes_again, finishes},
    {Attempt::reset, 0, shielded_or_retried, retries, finishes},
    {Attempt::slow, 0, shielded_or_retried, retries, finishes},
    {Attempt::cut, 0, shielded_or_retried, retries, finishes},
    {Attempt::bad_response, 0, is_shielded, finishes, finishes},
    {Attempt::answered, 502, is_shielded, finishes, finishes},
    {Attempt::answered, 503, is_shielded, finishes, finishes},
    {Attempt::answered, 504, is_shielded, finishes, finishes},
    {Attempt::answered, 101, finishes, finishes, finishes},
    {Attempt::answered, 200, finishes, finishes, finishes},
    {Attempt::answered, 404, finishes, finishes, finishes},
    {Attempt::answered, 429, finishes, finishes, finishes},
    {Attempt::answered, 500, finishes, finishes, finishes},
    {Attempt::answered, 501, finishes, finishes, finishes},
    {Attempt::answered, 505, finishes, finishes, finishes},
    {Attempt::timed_out, 0, finishes, finishes, finishes},
    {Attempt::overflow, 0, finishes, finishes, finishes},
    {Attempt::client_gone, 0, finishes, finishes, finishes},
    {Attempt::bad_request, 0, finishes, finishes, finishes},
};

struct Column {
  Cell Row::*cell;
  std::vector<Method> methods;
};

const std::array<Column, 3> columns{
    {{&Row::safe, {Method::get, Method::head, Method::options, Method::trace}},
     {&Row::idempotent, {Method::put, Method::del}},
     {&Row::other, {Method::post, Method::patch, Method::connect, Method::other}}}};

/// Calls `visit(cell, situation)` for every row, column and method of it.
template <class Visit>
void for_each_cell(Visit visit) {
  for (const auto& row : table) {
    for (const auto& column : columns) {
      for (const auto method : column.methods) {
        SCOPED_TRACE(testing::Message() << "attempt " << int(row.attempt) << ", status "
                                        << row.status << ", method " << int(method));
        visit(row.*column.cell,
              Situation{.attempt = row.attempt, .status = row.status, .method = method});
      }
    }
  }
}

TEST(RetryRules, FollowTheTable) {
  for_each_cell([](const Cell& cell, Situation s) {
    EXPECT_EQ(next_after(s), cell.unshielded) << "stable";
    s.on_canary = true;
    EXPECT_EQ(next_after(s), cell.shielded) << "canary";
    s.shield = false;
    EXPECT_EQ(next_after(s), cell.unshielded) << "canary without shield";
  });
}

TEST(RetryRules, TheTableHasEveryAttempt) {
  std::set<Attempt> found;
  for (const auto& row : table) found.insert(row.attempt);
  EXPECT_EQ(found.size(), attempt_count);
}

TEST(RetryRules, NothingIsSentAgainOnceABodyWasStreamed) {
  for_each_cell([](const Cell&, Situation s) {
    s.body_whole = false;
    EXPECT_EQ(next_after(s), finish);
    s.on_canary = true;
    EXPECT_EQ(next_after(s), finish);
  });
}

TEST(RetryRules, AVersionIsRetriedOnceButStillShielded) {
  for_each_cell([](const Cell& cell, Situation s) {
    s.retried = true;
    EXPECT_EQ(next_after(s), cell.unshielded == retry ? finish : cell.unshielded);
    s.on_canary = true;
    EXPECT_EQ(next_after(s), cell.shielded == retry ? finish : cell.shielded);
  });
}

TEST(RetryRules, ARequestThatReachedNobodyLooksOnlySoFar) {
  for_each_cell([](const Cell& cell, Situation s) {
    s.unreached = most_elsewhere - 1;
    EXPECT_EQ(next_after(s), cell.unshielded);
    s.unreached = most_elsewhere;
    EXPECT_EQ(next_after(s), cell.unshielded == elsewhere ? finish : cell.unshielded);
    s.on_canary = true;
    EXPECT_EQ(next_after(s), cell.shielded) << "shielded all the same";
  });
}

TEST(RetryRules, OnlyWhatIsNotIdempotentWaitsForCertaintyThatNothingLeft) {
  const std::set<Attempt> nothing_left{Attempt::no_endpoint, Attempt::connect_failed,
                                       Attempt::unsent};
  for_each_cell([&](const Cell&, Situation s) {
    for (const bool on_canary : {false, true}) {
      s.on_canary = on_canary;
      const bool sent_again = next_after(s) != finish;
      if (http::is_idempotent(s.method)) continue;
      EXPECT_EQ(sent_again, nothing_left.contains(s.attempt));
    }
  });
}

TEST(RetryRules, A500IsShieldedOnlyWhereAsked) {
  for_each_cell([](const Cell& cell, Situation s) {
    s.on_canary = true;
    s.shield_on_500 = true;
    const bool asked = s.status == 500 && http::is_safe(s.method);
    EXPECT_EQ(next_after(s), asked ? shield : cell.shielded);
  });
}

}  // namespace
}  // namespace weir::forwarding
