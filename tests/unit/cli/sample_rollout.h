#pragma once
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace weir::cli {

/// As the admin API answers: green at 25 % in step two of two, 10 s into its minute.
inline boost::json::value sample_rollout() {
  return boost::json::parse(R"({
    "service": "shop", "epoch": 7, "phase": "Progressing", "pause_reason": "",
    "stable": "blue", "canary": "green", "weight_percent": 25, "step": 1,
    "steps": [
      {"weight_percent": 5, "hold_seconds": 60, "min_requests": 0, "manual_gate": false},
      {"weight_percent": 25, "hold_seconds": 60, "min_requests": 100, "manual_gate": true}],
    "held_seconds": 10.2, "step_requests": 40, "driver_timeout_seconds": 30,
    "revision": "v2", "reason": "step 2 of 2, 25%", "can_undo": false,
    "guards": [{"guard": "errors", "verdict": "fine", "action": "rollback",
      "measure": "share", "value": 0.005, "threshold": 0.02, "ratio": 0.5, "stable": {"requests": 900, "errors": 9, "slow": 0},
      "canary": {"requests": 200, "errors": 1, "slow": 0}, "reason": ""}],
    "versions": {
      "blue": {"role": "stable", "requests": 5000, "errors": 20, "rollout_requests": 1000,
        "rollout_errors": 10, "active": 3, "healthy": 2, "panic": false,
        "endpoints": [{}, {}, {}]},
      "green": {"role": "canary", "requests": 300, "errors": 1, "rollout_requests": 200,
        "rollout_errors": 1, "active": 1, "healthy": 1, "panic": true, "endpoints": [{}]}},
    "state_persisted": true, "persist_error": ""})");
}

}  // namespace weir::cli
