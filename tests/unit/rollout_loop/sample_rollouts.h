#pragma once
#include <string>

#include "rollout_loop/event_feed.h"
#include "rollout_loop/past_rollout.h"

namespace weir::rollout_loop {

inline outcomes::SampleRequest failed_request(const std::string& id, std::uint16_t status = 500) {
  outcomes::SampleRequest sample;
  sample.unix_ms = 1'700'000'000'100;
  sample.latency = std::chrono::microseconds(12'345);
  sample.status = status;
  sample.error = true;
  sample.method = ShortText<16>("GET");
  sample.path = ShortText<128>("/cart");
  sample.request_id = ShortText<128>(id);
  sample.trace_id = ShortText<32>("4bf92f3577b34da6a3ce929d0e0e4736");
  return sample;
}

inline rollout::SeenOfBoth seen_failing() {
  rollout::SeenOfBoth seen{{{900, 9, 2}, {}}, {{40, 5, 0}, {}}};
  seen.canary.add(failed_request("canary-1"));
  seen.canary.add(failed_request("canary-2", 502));
  seen.stable.add(failed_request("stable-1", 503));
  return seen;
}

inline rollout::Assessment errors_worse() {
  return {"errors",
          GuardAction::rollback,
          rollout::Verdict::worse,
          rollout::Measure::evidence,
          240,
          100,
          12.5,
          {900, 9, 2},
          {40, 5, 0},
          "errors: canary 12.5% (5/40) above"};
}

inline rollout::RolloutState at_weight(std::uint64_t epoch, Weight weight) {
  rollout::RolloutState state;
  state.epoch = epoch;
  state.phase = rollout::Phase::progressing;
  state.weight = weight;
  state.revision = "v" + std::to_string(epoch);
  return state;
}

inline rollout::RolloutState ended(rollout::RolloutState state, rollout::Phase phase) {
  state.phase = phase;
  state.weight = Weight::none();
  state.reason = "as it ended";
  return state;
}

inline Event event_of(std::string kind, const rollout::RolloutState& from,
                      const rollout::RolloutState& to, std::int64_t unix_ms = 0) {
  Event event{0, unix_ms, "shop", "weir", {std::move(kind), "why", from, to, {}}};
  return event;
}

/// A rollout of that epoch from nothing to its rollback at 25 %.
inline Event start_of(std::uint64_t epoch) {
  auto before = ended(at_weight(epoch - 1, Weight::none()), rollout::Phase::degraded);
  return event_of("start", before, at_weight(epoch, Weight::percent(5)), 1'700'000'000'000);
}

inline Event rollback_of(std::uint64_t epoch) {
  const auto from = at_weight(epoch, Weight::percent(25));
  auto event = event_of("rollback", from, ended(from, rollout::Phase::degraded), 1'700'000'060'000);
  event.transition.assessments = {errors_worse()};
  event.transition.guard = "errors";
  event.transition.seen = seen_failing();
  return event;
}

}  // namespace weir::rollout_loop
