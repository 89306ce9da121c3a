#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "model/instant.h"

namespace weir::forwarding {

/// Whether a peer that is waited for gets on fast enough: so many bytes a second over each
/// whole window of waiting, the first one included. Time spent on others is no waiting. Pure.
class LeastRate {
 public:
  /// `bytes_per_second`: 0 lets every rate pass.
  LeastRate(std::uint32_t bytes_per_second, Milliseconds window) noexcept
      : bytes_per_second_(bytes_per_second), window_(window) {}

  bool asked() const noexcept { return bytes_per_second_ != 0; }
  /// So many bytes came after waiting for so long. False: that was too slow.
  bool keeps_up(std::size_t bytes, Instant::duration waited) noexcept {
    bytes_ += bytes;
    waited_ += waited;
    if (waited_ < window_) return true;
    const auto seconds = std::chrono::duration<double>(waited_).count();
    const bool enough = static_cast<double>(bytes_) >= seconds * bytes_per_second_;
    bytes_ = 0;
    waited_ = Instant::duration::zero();
    return enough;
  }

 private:
  std::uint32_t bytes_per_second_;
  Milliseconds window_;
  std::uint64_t bytes_ = 0;  ///< in this window
  Instant::duration waited_ = Instant::duration::zero();
};

}  // namespace weir::forwarding
