#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "model/rollout_policy.h"
#include "model/version.h"
#include "outcomes/mirror_tally.h"
#include "outcomes/tally.h"
#include "rollout/conditions.h"
#include "rollout/freeze.h"
#include "rollout/guard.h"
#include "rollout/state.h"
#include "rollout_loop/hook_calls.h"
#include "rollout_loop/notice_queue.h"
#include "rollout_loop/past_rollout.h"

namespace weir::rollout_loop {

/// What is copied to the canary, and what came of it.
struct MirrorStatus {
  Weight share;                                 ///< as configured
  PerVersion<outcomes::MirrorCounts> copies{};  ///< each version was sent, as `counts`
};

/// Everything a person or a pipeline asks about one service, at one moment.
struct ServiceStatus {
  std::string service;
  rollout::RolloutState state;
  RolloutPolicy policy;
  Milliseconds held{0};                         ///< in the current step
  std::vector<rollout::Assessment> guards;      ///< as assessed last
  rollout::Conditions conditions;               ///< now
  std::optional<Milliseconds> driver_silence;   ///< where a driver must be heard
  std::optional<rollout::Freeze> freeze;        ///< the window that is open now
  PerVersion<outcomes::Counts> counts;          ///< since the process started, all workers
  PerVersion<outcomes::Counts> rollout_counts;  ///< since the rollout's start
  rollout::SeenOfBoth seen;                     ///< likewise, by every process
  TransitionNote last;                          ///< transition; kind empty: none is known
  PerVersion<std::uint64_t> active;             ///< exchanges in flight
  PerVersion<std::uint64_t> repeated_failures;  ///< of a key that was counted; no evidence
  std::uint64_t keys_overflowed = 0;            ///< failures taken for new for want of room
  PerVersion<PoolViewPtr> pools;                ///< never null
  std::string persist_error;                    ///< empty: the state on disk is current
  std::vector<std::string> hooks_asked{};       ///< that have not answered yet
  HookCounts hook_counts{};
  WaitingNotices notices{};
  std::optional<MirrorStatus> mirror{};  ///< nothing: off
};

}  // namespace weir::rollout_loop
