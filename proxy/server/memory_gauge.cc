#include "server/memory_gauge.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

namespace weir::server {
namespace {

namespace fs = std::filesystem;
using forwarding::MemoryPressure;

/// Nothing where the file is missing or says "max".
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream stream(file);
  std::uint64_t number = 0;
  if (stream >> number) return number;
  return std::nullopt;
}

/// The line "name number" of a file.
std::uint64_t number_named(const fs::path& file, std::string_view wanted) {
  std::ifstream stream(file);
  std::string name;
  for (std::uint64_t number = 0; stream >> name >> number;) {
    if (name == wanted) return number;
  }
  return 0;
}

/// Of the lines "7:cpu,memory:/path", the path for those controllers.
std::optional<fs::path> path_in(const fs::path& root, std::string_view controllers) {
  std::ifstream stream(root / "proc/self/cgroup");
  for (std::string line; std::getline(stream, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto names = "," + line.substr(first + 1, second - first - 1) + ",";
    const auto wanted = "," + std::string(controllers) + ",";
    if (names.find(wanted) != std::string::npos) return line.substr(second + 2);
  }
  return std::nullopt;
}

std::uint64_t resident_bytes(const fs::path& root) {
  std::ifstream stream(root / "proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  stream >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool beyond(const MemoryReading& reading, Weight share) {
  return static_cast<double>(reading.used_bytes) >
         static_cast<double>(reading.most_bytes) * share.ratio();
}

}  // namespace

/// The files of one version of cgroups.
struct MemoryGauge::Hierarchy {
  std::string_view controllers;  ///< in /proc/self/cgroup: "" is v2
  std::string_view folder, most, used, cache;
};

std::optional<MemoryGauge::Group> MemoryGauge::limited_by(const Hierarchy& hierarchy) const {
  const auto path = path_in(root_, hierarchy.controllers);
  if (!path) return std::nullopt;
  auto folder = root_ / hierarchy.folder / *path;
  // In a container the path may be the host's, while only the container's own group is there.
  if (!fs::exists(folder / hierarchy.used)) folder = root_ / hierarchy.folder;
  constexpr auto unlimited = std::uint64_t{1} << 60;  // how v1 says "none"
  const auto most = number_in(folder / hierarchy.most);
  if (!most || *most == 0 || *most >= unlimited) return std::nullopt;
  return Group{folder / hierarchy.used, folder / "memory.stat", hierarchy.cache, *most};
}

void MemoryGauge::look_around(Instant now) {
  static constexpr Hierarchy v2{"", "sys/fs/cgroup", "memory.max", "memory.current",
                                "inactive_file"};
  static constexpr Hierarchy v1{"memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes",
                                "memory.usage_in_bytes", "total_inactive_file"};
  constexpr Milliseconds interval{10'000};
  look_again_ = now + interval;
  group_ = limited_by(v2);
  if (!group_) group_ = limited_by(v1);
  if (group_) group_->cache_bytes = number_named(group_->stat, group_->cache);
}

MemoryReading MemoryGauge::read_group(const MemoryPlan& plan) {
  const auto used = number_in(group_->used);
  if (!used) return {};
  const auto reading = [&] {
    return MemoryReading{*used - std::min(group_->cache_bytes, *used), group_->most_bytes};
  };
  // The kernel adds the cache up when it is asked: not ten times a second without need.
  if (beyond(reading(), plan.high)) group_->cache_bytes = number_named(group_->stat, group_->cache);
  return reading();
}

MemoryReading MemoryGauge::read(const MemoryPlan& plan, Instant now) {
  if (plan.most_bytes != 0) return {resident_bytes(root_), plan.most_bytes};
  if (now >= look_again_) look_around(now);
  return group_ ? read_group(plan) : MemoryReading{};
}

MemoryPressure pressure_of(const MemoryReading& reading, const MemoryPlan& plan) {
  if (reading.most_bytes == 0) return MemoryPressure::none;
  if (beyond(reading, plan.critical)) return MemoryPressure::critical;
  return beyond(reading, plan.high) ? MemoryPressure::high : MemoryPressure::none;
}

}  // namespace weir::server
