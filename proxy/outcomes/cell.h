#pragma once
#include <atomic>
#include <cstdint>

namespace weir::outcomes {

/// A counter that one thread adds to and any thread may read.
class Cell {
 public:
  void add(std::uint64_t more) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_release);
  }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace weir::outcomes
