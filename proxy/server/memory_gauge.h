#pragma once
#include <cstdint>
#include <filesystem>

#include "forwarding/occupancy.h"
#include "model/plan.h"

namespace weir::server {

/// How much memory is used, and how much may be.
struct MemoryReading {
  std::uint64_t used_bytes = 0;
  std::uint64_t most_bytes = 0;  ///< 0: no limit is known
};

/// The process's own resident set against a limit that was configured; else what its cgroup
/// counts against the cgroup's limit (v2, or v1), without the page cache that the kernel would
/// give up first, as the kubelet counts it. `root`: of the file system, for tests.
MemoryReading read_memory(const MemoryPlan& plan, const std::filesystem::path& root = "/");

forwarding::MemoryPressure pressure_of(const MemoryReading& reading, const MemoryPlan& plan);

}  // namespace weir::server
