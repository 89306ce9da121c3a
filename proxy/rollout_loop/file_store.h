#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "net/descriptor.h"
#include "rollout_loop/state_store.h"

namespace weir::rollout_loop {

/// States in one file, replaced whole: written beside it, flushed, renamed, and the
/// folder flushed. A file that cannot be read whole is never written over. One
/// process at a time: the lock file beside it is held for this object's life.
class FileStore : public StateStore {
 public:
  /// `lock`: handed over by the process before; used where it is this file's. Throws
  /// `StateError` where the folder is missing or another process has the lock.
  explicit FileStore(std::filesystem::path file, net::Descriptor lock = {});

  Kept load() override;
  std::string save(const States& states, const Notices& notices) override;
  int lock() const noexcept override { return lock_.get(); }

 private:
  std::filesystem::path file_;
  net::Descriptor lock_;
  States held_;  ///< as last loaded or saved
};

/// Keeps nothing: for a configuration without `state.file`.
class MemoryStore : public StateStore {
 public:
  Kept load() override { return {}; }
  std::string save(const States&, const Notices&) override { return {}; }
};

}  // namespace weir::rollout_loop
