#pragma once
#include <cstdint>
#include <unordered_set>

#include "model/instant.h"

namespace weir::outcomes {

/// Whose failures were counted of late. A client who tries again and again, always on the same
/// version, would look like many who fail there: so one failure of each key counts in a window.
class RecentKeys {
 public:
  static constexpr std::size_t most = 16'384;  ///< keys of a window; beyond, each counts as new

  explicit RecentKeys(Milliseconds window) noexcept : window_(window) {}
  /// Whether the key was counted within the last `window`, or by chance up to twice as long.
  /// Where not, it is now.
  bool repeats(std::uint64_t key, Instant now);
  std::uint64_t overflows() const noexcept { return overflows_; }

 private:
  void turn(Instant now);

  Milliseconds window_;
  Instant turned_at_{};
  std::unordered_set<std::uint64_t> keys_,
      earlier_keys_;  ///< since `turned_at_`; the window before
  std::uint64_t overflows_ = 0;
};

}  // namespace weir::outcomes
