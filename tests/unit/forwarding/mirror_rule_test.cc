#include "forwarding/mirror_rule.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace weir::forwarding {
namespace {

using http::Body;
using http::Method;
using outcomes::Ending;

PoolView pool_with(std::uint32_t healthy) {
  PoolView pool;
  pool.healthy = healthy;
  return pool;
}
const PoolView usable = pool_with(1), down = pool_with(0);

/// A plain GET that stable has answered.
MirrorCandidate plain() {
  MirrorCandidate candidate;
  candidate.canary = &usable;
  return candidate;
}

struct Rule {
  std::string what;
  std::function<void(MirrorCandidate&)> change;
  bool copied;
};

TEST(MirrorRule, CopiesSafeRequestsOfStableWhileCanaryHasNoTraffic) {
  const Rule rules[] = {
      {"GET", [](auto&) {}, true},
      {"HEAD", [](auto& c) { c.method = Method::head; }, true},
      {"OPTIONS", [](auto& c) { c.method = Method::options; }, true},
      {"TRACE", [](auto& c) { c.method = Method::trace; }, false},
      {"POST", [](auto& c) { c.method = Method::post; }, false},
      {"PUT", [](auto& c) { c.method = Method::put; }, false},
      {"DELETE", [](auto& c) { c.method = Method::del; }, false},
      {"PATCH", [](auto& c) { c.method = Method::patch; }, false},
      {"CONNECT", [](auto& c) { c.method = Method::connect; }, false},
      {"any other", [](auto& c) { c.method = Method::other; }, false},
      {"a body of nothing", [](auto& c) { c.body = Body::length; }, true},
      {"a body",
       [](auto& c) {
         c.body = Body::length;
         c.content_length = 1;
       },
       false},
      {"a body of chunks", [](auto& c) { c.body = Body::chunked; }, false},
      {"another protocol", [](auto& c) { c.upgrade = true; }, false},
      {"preview", [](auto& c) { c.preview = true; }, false},
      {"not stable's answer", [](auto& c) { c.by_stable = false; }, false},
      {"the client went away", [](auto& c) { c.ending = Ending::client_aborted; }, false},
      {"no connection", [](auto& c) { c.ending = Ending::connect_failed; }, false},
      {"reset", [](auto& c) { c.ending = Ending::reset; }, false},
      {"too slow", [](auto& c) { c.ending = Ending::timed_out; }, false},
      {"no room", [](auto& c) { c.ending = Ending::overflow; }, false},
      {"canary has traffic", [](auto& c) { c.weight = *Weight::from_basis_points(1); }, false},
      {"canary has it all", [](auto& c) { c.weight = Weight::all(); }, false},
      {"canary is down", [](auto& c) { c.canary = &down; }, false},
      {"there is no canary", [](auto& c) { c.canary = nullptr; }, false},
  };
  for (const auto& rule : rules) {
    auto candidate = plain();
    rule.change(candidate);
    EXPECT_EQ(may_be_copied(candidate), rule.copied) << rule.what;
  }
}

}  // namespace
}  // namespace weir::forwarding
