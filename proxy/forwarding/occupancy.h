#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "model/ip_address.h"

namespace weir::forwarding {

/// How much of the memory the process may use is taken.
enum class MemoryPressure : std::uint8_t {
  none,
  high,      ///< connections close after the answer they wait for
  critical,  ///< nothing new is taken
};

/// What becomes of clients then, for the log.
constexpr std::string_view explain(MemoryPressure pressure) noexcept {
  switch (pressure) {
    case MemoryPressure::none:
      return "business as usual";
    case MemoryPressure::high:
      return "connections close after their answer";
    case MemoryPressure::critical:
      break;
  }
  return "nothing new is taken";
}

/// What all workers hold together. Any thread.
class Occupancy {
 public:
  void entered() noexcept { connections_.fetch_add(1, std::memory_order_relaxed); }
  void left() noexcept { connections_.fetch_sub(1, std::memory_order_relaxed); }
  std::uint64_t connections() const noexcept {
    return connections_.load(std::memory_order_relaxed);
  }

  /// One more connection from that address. False, not counted, where there are `most`.
  /// Locks for a few instructions: for new connections only, never for a request.
  bool enter(const IpAddress& address, std::uint32_t most);
  void leave(const IpAddress& address);

  MemoryPressure memory() const noexcept { return memory_.load(std::memory_order_relaxed); }
  void set_memory(MemoryPressure pressure) noexcept {
    memory_.store(pressure, std::memory_order_relaxed);
  }

 private:
  struct Hash {
    std::size_t operator()(const IpAddress& address) const noexcept;
  };
  struct Stripe {
    std::mutex mutex;
    std::unordered_map<IpAddress, std::uint32_t, Hash> counts;
  };
  Stripe& stripe_of(const IpAddress& address) noexcept {
    return stripes_[Hash{}(address) % stripes_.size()];
  }

  std::atomic<std::uint64_t> connections_{0};
  std::atomic<MemoryPressure> memory_{MemoryPressure::none};
  std::array<Stripe, 16> stripes_;  ///< so that workers seldom meet
};

}  // namespace weir::forwarding
