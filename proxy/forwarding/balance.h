#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

namespace weir::forwarding {

/// How many clients each worker has, and which of them serves the next one. Behind a load
/// balancer there are few and long connections, and the kernel spreads them by a hash: it may
/// give most of them to one worker. Any thread; touched for a connection, never for a request.
class Balance {
 public:
  explicit Balance(std::size_t workers) : clients_(workers) {}

  /// Counts a client in whose connection came in at worker `here`: there, or at the one with
  /// the fewest, where those have clearly fewer. To go elsewhere costs a change of threads.
  std::size_t seat(std::size_t here) noexcept {
    std::size_t fewest = here;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      if (clients(i) < clients(fewest)) fewest = i;
    }
    constexpr std::uint32_t least_difference = 2;
    const auto difference = std::max(least_difference, clients(fewest) / 8);
    const auto seat = clients(here) < clients(fewest) + difference ? here : fewest;
    clients_[seat].number.fetch_add(1, std::memory_order_relaxed);
    return seat;
  }
  /// Whoever sees the client gone sees what the worker did for it.
  void leave(std::size_t worker) noexcept {
    clients_[worker].number.fetch_sub(1, std::memory_order_release);
  }
  std::uint32_t clients(std::size_t worker) const noexcept {
    return clients_[worker].number.load(std::memory_order_acquire);
  }

 private:
  /// In a cache line of its own: each is written by its worker, mostly.
  struct alignas(64) Clients {
    std::atomic<std::uint32_t> number{0};
  };
  std::vector<Clients> clients_;
};

}  // namespace weir::forwarding
