#pragma once
#include <memory>
#include <string>

#include "rollout_loop/event_feed.h"
#include "rollout_loop/service_status.h"

namespace weir::admin {

inline PoolViewPtr pool_of(EndpointHealth first, EndpointHealth second) {
  auto pool = std::make_shared<PoolView>();
  pool->endpoints = {{1, *IpAddress::parse("10.0.0.1"), 8000, first},
                     {2, *IpAddress::parse("2001:db8::1"), 8000, second}};
  pool->healthy = 1;
  return pool;
}

inline outcomes::SampleRequest sample_request() {
  outcomes::SampleRequest sample;
  sample.unix_ms = 1'700'000'000'100;
  sample.latency = std::chrono::microseconds(12'345);
  sample.status = 502;
  sample.ending = outcomes::Ending::reset;
  sample.error = true;
  sample.method = ShortText<16>("GET");
  sample.path = ShortText<128>("/cart");
  sample.request_id = ShortText<128>("r-1");
  sample.trace_id = ShortText<32>("4bf92f3577b34da6a3ce929d0e0e4736");
  return sample;
}

/// Green is at 12.5 % in the second of two steps; its errors guard is worse.
inline rollout_loop::ServiceStatus sample_status(std::string service = "shop") {
  rollout_loop::ServiceStatus status;
  status.service = std::move(service);
  status.state.epoch = 7;
  status.state.phase = rollout::Phase::progressing;
  status.state.weight = *Weight::from_basis_points(1'250);
  status.state.step = 1;
  status.state.step_requests = 40;
  status.state.revision = "v2";
  status.state.reason = "step 2 of 2, 12.5%";
  status.policy.steps = {{Weight::percent(5), Milliseconds(30'000), 100, false},
                         {*Weight::from_basis_points(1'250), Milliseconds(1'500), 0, true}};
  status.policy.driver_timeout = Milliseconds(60'000);
  status.policy.max_wait = Milliseconds(900'000);
  status.policy.bake = Milliseconds(600'000);
  status.state.hold = {rollout::Hold::By::capacity, "capacity: green can take 100 requests/s"};
  status.conditions = {WallTime(Milliseconds(1'700'000'000'000)), 250.5, {}};
  status.conditions.pools[Version::green] = {1, 2, 100};
  status.freeze = rollout::Freeze{"nights", WallTime(Milliseconds(1'700'006'400'000)), {}};
  status.driver_silence = Milliseconds(2'500);
  status.held = Milliseconds(750);
  status.guards = {
      {"errors",
       GuardAction::rollback,
       rollout::Verdict::worse,
       rollout::Measure::evidence,
       240,
       100,
       12.5,
       {900, 9, 0},
       {40, 5, 1},
       "errors: canary 12.5% (5/40) against stable 1% (9/900): evidence 240 above 100"}};
  auto& blue = status.counts[Version::blue];
  blue.by_class = {1, 0, 880, 10, 9, 9};
  blue.by_latency = {100, 200, 300, 200, 50, 20, 10, 9, 8, 5, 4, 2, 0, 1};
  blue.latency_ns = 4'500'000'000;
  blue.evidence_errors = 9;
  blue.retries = 3;
  blue.tunnels_opened = 9;
  blue.tunnels_closed = 7;
  blue.tunnels_switched = 5;
  status.counts[Version::green].shielded = 4;
  status.rollout_counts[Version::green].by_class = {0, 0, 35, 0, 0, 5};
  status.seen.stable.counts = {900, 9, 0};
  status.seen.canary.counts = {40, 5, 1};
  status.seen.canary.add(sample_request());
  status.last = {1'700'000'000'000, "weir", "warn", "as it was", "latency"};
  status.active[Version::green] = 2;
  status.repeated_failures[Version::green] = 6;
  status.keys_overflowed = 8;
  status.policy.hooks.resize(1);
  status.policy.hooks[0].name = "qa";
  status.hooks_asked = {"qa"};
  status.hook_counts[{"qa", rollout::HookVerdict::error}] = 9;
  status.notices = {3, "ops: status 503"};
  status.mirror = {Weight::percent(10)};
  auto& copies = status.mirror->copies[Version::green];
  copies.by_result = {20, 5, 2, 1};
  copies.by_classes[2] = {0, 0, 21, 0, 0, 3};
  copies.by_classes[4][4] = 1;
  copies.original_latency[3] = copies.copy_latency[4] = 25;
  copies.original_ns = 200'000'000;
  copies.copy_ns = 500'000'000;
  status.pools[Version::blue] = pool_of(EndpointHealth::healthy, EndpointHealth::ejected);
  status.pools[Version::green] = pool_of(EndpointHealth::unknown, EndpointHealth::unhealthy);
  return status;
}

inline rollout_loop::Event sample_event(std::string service = "shop", std::string kind = "step") {
  const auto to = sample_status(service).state;
  auto from = to;
  from.step = 0;
  from.weight = Weight::percent(5);
  return {0,
          1'700'000'000'123,
          std::move(service),
          "weir",
          {std::move(kind), "step 2 of 2, 12.5%", from, to, sample_status().guards, "errors",
           sample_status().seen}};
}

}  // namespace weir::admin
