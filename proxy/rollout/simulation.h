#pragma once
#include <cstdint>
#include <string>

#include "model/rollout_policy.h"

namespace weir::rollout {

/// Traffic as somebody expects it: independent requests, each with a key of its own.
struct ExpectedTraffic {
  double requests_per_second = 100;  ///< of both versions
  double stable_errors = 0;          ///< share, 0–1
  double canary_errors = 0;
};

struct SimulatedRollout {
  enum class Ending : std::uint8_t { finished, rolled_back, paused, endless };
  Ending ending = Ending::endless;
  Milliseconds after{0};
  std::uint64_t canary_requests = 0;
  std::uint64_t bad_responses = 0;  ///< of canary; the shield answers some of them from stable
  std::string reason;               ///< of the last transition
};

/// One rollout from its start on, decided by `decide` and the guards of the policy. Looks every
/// 20 ms where errors are frequent, at least once a second; all endpoints are healthy, nothing
/// is slow, gates open at once, the driver is there, nothing freezes. Endless after a week.
SimulatedRollout simulate(RolloutPolicy policy, const ExpectedTraffic& traffic, std::uint64_t seed);

}  // namespace weir::rollout
