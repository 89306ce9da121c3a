#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "outcomes/cell.h"
#include "outcomes/tally.h"

namespace weir::outcomes {

/// What became of the copy of a request.
enum class MirrorResult : std::uint8_t {
  same_status,   ///< answered as the original was
  other_status,  ///< answered, with another status
  failed,        ///< no whole answer in time: not connected, reset, bad framing, too slow
  dropped,       ///< by Weir itself, for a bound or its own end; says nothing of the pool
};
inline constexpr std::array mirror_results{MirrorResult::same_status, MirrorResult::other_status,
                                           MirrorResult::failed, MirrorResult::dropped};

/// "same_status", "other_status", …
std::string_view name_of(MirrorResult result) noexcept;

/// The answer to an original or to its copy.
struct MirrorAnswer {
  std::uint16_t status = 0;
  std::chrono::nanoseconds latency{0};
};

/// What came of the copies that one version was sent. No evidence, and in none of `Counts`.
struct MirrorCounts {
  std::array<std::uint64_t, mirror_results.size()> by_result{};
  /// Of those that were compared, by the class of the original's status, then of the copy's.
  std::array<std::array<std::uint64_t, code_classes>, code_classes> by_classes{};
  LatencyBuckets original_latency{}, copy_latency{};  ///< likewise
  std::uint64_t original_ns = 0, copy_ns = 0;         ///< their sums

  std::uint64_t of(MirrorResult result) const noexcept {
    return by_result[static_cast<std::size_t>(result)];
  }
  std::uint64_t compared() const noexcept {
    return of(MirrorResult::same_status) + of(MirrorResult::other_status);
  }
  MirrorCounts& operator+=(const MirrorCounts& more) noexcept;
  bool operator==(const MirrorCounts&) const = default;
};

/// The counters of one worker, as `Tally` has them.
class MirrorTally {
 public:
  void compare(const MirrorAnswer& original, const MirrorAnswer& copy) noexcept;
  void count_failed() noexcept;
  void count_dropped() noexcept;
  MirrorCounts read() const noexcept;

 private:
  Cell& of(MirrorResult result) noexcept { return by_result_[static_cast<std::size_t>(result)]; }

  std::array<Cell, mirror_results.size()> by_result_;
  std::array<std::array<Cell, code_classes>, code_classes> by_classes_;
  std::array<Cell, latency_buckets> original_latency_, copy_latency_;
  Cell original_ns_, copy_ns_;
};

}  // namespace weir::outcomes
