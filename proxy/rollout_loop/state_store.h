#pragma once
#include <string>

#include "rollout_loop/state_text.h"

namespace weir::rollout_loop {

/// Where rollout states live between processes. Control thread only.
class StateStore {
 public:
  virtual ~StateStore() = default;
  /// What was saved last; empty where nothing ever was. Throws `StateError`.
  virtual Kept load() = 0;
  /// Durable when it returns. Refuses a state whose epoch is older than the one it
  /// holds for that service. Empty: saved; otherwise why not.
  virtual std::string save(const States& states, const Notices& notices) = 0;
  /// What keeps other processes away for as long as anybody has it open; -1: nothing does.
  virtual int lock() const noexcept { return -1; }
};

}  // namespace weir::rollout_loop
