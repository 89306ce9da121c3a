#include "server/short_slices.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>

namespace weir::server {
namespace {

/// sched_setattr(2)'s, first version: bookworm's C library has none, and the kernel's own
/// header cannot stand beside <sched.h>.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes), policy = 0;
  std::uint64_t flags = 0x08;  ///< SCHED_FLAG_KEEP_POLICY
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

}  // namespace

void ask_for_short_slices() {
  // A scrape or a decision fits into one: a thread that wants more loses its place in between.
  constexpr std::chrono::nanoseconds slice = std::chrono::microseconds{700};
  constexpr int calling_thread = 0;
  SchedulingAttributes wanted;
  wanted.nice = ::getpriority(PRIO_PROCESS, calling_thread);
  wanted.runtime_ns = static_cast<std::uint64_t>(slice.count());
  if (::syscall(SYS_sched_setattr, calling_thread, &wanted, 0) != 0) {
    spdlog::debug("short slices for the control thread: {}", std::strerror(errno));
  }
}

}  // namespace weir::server
