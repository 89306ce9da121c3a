#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "forwarding/occupancy.h"
#include "model/instant.h"
#include "model/plan.h"

namespace weir::server {

/// How much memory is used, and how much may be.
struct MemoryReading {
  std::uint64_t used_bytes = 0;
  std::uint64_t most_bytes = 0;  ///< 0: no limit is known
};

/// The process's own resident set against a limit that was configured; else what its cgroup
/// counts against the cgroup's limit (v2, or v1), without the page cache that the kernel would
/// give up first, as the kubelet counts it. Cheap where it matters: the limit and the cache are
/// read every ten seconds, the cache also whenever the rest would be `MemoryPlan::high`.
class MemoryGauge {
 public:
  /// `root`: of the file system, for tests.
  explicit MemoryGauge(std::filesystem::path root = "/") : root_(std::move(root)) {}
  MemoryReading read(const MemoryPlan& plan, Instant now);

 private:
  /// Where a cgroup with a limit says what.
  struct Group {
    std::filesystem::path used, stat;
    std::string_view cache;  ///< name of the line in `stat`
    std::uint64_t most_bytes = 0;
    std::uint64_t cache_bytes = 0;  ///< when it was read last
  };
  struct Hierarchy;

  void look_around(Instant now);
  std::optional<Group> limited_by(const Hierarchy& hierarchy) const;
  MemoryReading read_group(const MemoryPlan& plan);

  std::filesystem::path root_;
  std::optional<Group> group_;  ///< none: no limit is known
  Instant look_again_ = Instant::min();
};

forwarding::MemoryPressure pressure_of(const MemoryReading& reading, const MemoryPlan& plan);

}  // namespace weir::server
