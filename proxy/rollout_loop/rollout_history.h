#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "model/instant.h"
#include "rollout_loop/history.h"

namespace weir::rollout_loop {

/// The last rollouts of every service, in a file for each: a folder beside the state, under the
/// same lock. For people: nothing is decided by it, and no trouble with it stops anything. A
/// file that cannot be trusted is set aside. Control thread only.
class RolloutHistory {
 public:
  struct Counts {
    std::uint64_t dropped = 0;  ///< past rollouts beyond the bound
    std::uint64_t write_failures = 0;
    std::uint64_t set_aside = 0;  ///< files
  };

  /// `folder`: made where it is missing; empty: nothing is kept across restarts.
  explicit RolloutHistory(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  /// So many past rollouts of each service, from now on.
  void keep(std::size_t most);
  /// Reads what is kept of the service, the first time. The rollout the state is in or ended
  /// with, as far as it is known; null: it is not.
  const PastRollout* open(const std::string& service, const rollout::RolloutState& state);
  void note(const Event& event);
  /// Of the rollout in progress.
  void note_seen(const std::string& service, const rollout::SeenOfBoth& seen);

  /// Newest first, those that have ended.
  History past(std::string_view service) const;
  /// Whether the file knows all of it; without a folder: always.
  bool is_written(const std::string& service) const { return !unwritten_.contains(service); }
  /// Of the last write; empty: it went well.
  const std::string& write_error() const noexcept { return write_error_; }

  /// Blocks as long as the disk does: one file at a time, when nobody waits. After a failure
  /// not before a second has passed.
  void write_next(Instant now);
  void write(const std::string& service);
  void write_all();
  const Counts& counts() const noexcept { return counts_; }

 private:
  std::filesystem::path file_of(const std::string& service) const { return folder_ / service; }
  History load(const std::string& service);
  void set_aside(const std::string& service, const char* why);
  void changed(const std::string& service);
  void write_failed(const std::string& service, std::string why);

  const std::filesystem::path folder_;
  std::size_t most_ = 0;
  std::map<std::string, History, std::less<>> histories_;
  std::set<std::string> unwritten_;
  std::string tried_;  ///< by `write_next` last
  std::string write_error_;
  Instant wait_until_{};
  Counts counts_;
};

}  // namespace weir::rollout_loop
