#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/rollout_policy.h"
#include "rollout/state.h"

namespace weir::rollout {

/// What came of asking a hook.
enum class HookVerdict : std::uint8_t {
  pass,
  fail,   ///< it said no
  error,  ///< no answer that can be used, however often it was asked: neither yes nor no
};

std::string_view name_of(HookVerdict verdict) noexcept;

struct HookReport {
  std::string hook;  ///< its name
  HookVerdict verdict = HookVerdict::pass;
  std::string reason;  ///< for people: "no answer after 3 tries: status 500"
};

/// The hooks that stand before what this rollout does next, or that have yet to be told that it
/// was rolled back; without those that have passed. They live as long as the policy.
std::vector<const Hook*> hooks_ahead(const RolloutState& state, const RolloutPolicy& policy);

/// Whether some hook comes before the first step.
bool asks_before_start(const RolloutPolicy& policy);

/// Whether the rollout has begun but waits with its first step: some hook comes before it.
bool waits_to_begin(const RolloutState& state, const RolloutPolicy& policy) noexcept;

/// "hook load-test: 2 of 5 checks are red".
std::string text_of(const HookReport& report);

}  // namespace weir::rollout
