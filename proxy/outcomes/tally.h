#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "outcomes/cell.h"
#include "outcomes/latency_spread.h"
#include "outcomes/outcome.h"

namespace weir::outcomes {

/// Upper bounds of the request histogram in milliseconds; one more bucket holds the rest.
inline constexpr std::array<std::uint32_t, 13> latency_bounds_ms{
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000};
inline constexpr std::size_t latency_buckets = latency_bounds_ms.size() + 1;

using LatencyBuckets = std::array<std::uint64_t, latency_buckets>;

/// Index 0: no response; 1–5: status class.
inline constexpr std::size_t code_classes = 6;
inline constexpr std::array<std::string_view, code_classes> class_names{"none", "1xx", "2xx",
                                                                        "3xx",  "4xx", "5xx"};

/// RFC 9110 §15: a status beyond the known classes is taken for a 5xx.
std::size_t class_of(std::uint16_t status) noexcept;
/// The bucket a latency belongs to.
std::size_t bucket_of(std::chrono::nanoseconds latency) noexcept;
/// A negative one is none.
std::uint64_t nanoseconds_in(std::chrono::nanoseconds latency) noexcept;

/// What was counted for one version of one service, as plain numbers. Sums over
/// workers; differences over time.
struct Counts {
  std::array<std::uint64_t, code_classes> by_class{};
  LatencyBuckets by_latency{};
  std::uint64_t latency_ns = 0;  ///< sum
  std::uint64_t client_aborts = 0;
  std::uint64_t retries = 0;           ///< sent again within the version
  std::uint64_t shielded = 0;          ///< failed here, answered by stable
  std::uint64_t budget_exhausted = 0;  ///< a retry or shield the budget refused
  std::uint64_t connects = 0;          ///< established
  std::uint64_t connect_failures = 0;
  std::uint64_t overflows = 0;
  std::uint64_t idle_overflows = 0;  ///< connections closed for want of room among the idle
  std::uint64_t tunnels_opened = 0;
  std::uint64_t tunnels_closed = 0;
  std::uint64_t tunnels_switched = 0;   ///< closed since the version lost its traffic
  std::uint64_t keys_refused = 0;       ///< sticky keys whose signature did not hold
  std::uint64_t evidence_requests = 0;  ///< exchanges that count (`is_evidence`)
  std::uint64_t evidence_errors = 0;
  std::uint64_t evidence_slow = 0;

  std::uint64_t requests() const noexcept;
  std::uint64_t tunnels_open() const noexcept { return tunnels_opened - tunnels_closed; }
  Counts& operator+=(const Counts& more) noexcept;
  /// What came since `less`, an earlier reading of the same counters.
  Counts operator-(const Counts& less) const noexcept;
  bool operator==(const Counts&) const = default;
};

/// The counters of one worker. That worker alone writes; any thread may `read`
/// at any time and sees each counter whole, never going back, and no more errors or
/// slow exchanges than evidence. No locks, no read-modify-write instructions.
class Tally {
 public:
  /// `slow`: latency above the service's latency bound.
  void record(const Outcome& outcome, bool slow) noexcept;
  void count_retry() noexcept;
  void count_shielded() noexcept;
  void count_budget_exhausted() noexcept;
  void count_connect(bool succeeded) noexcept;
  void count_idle_overflow() noexcept;
  void tunnel_opened() noexcept;
  void tunnel_closed() noexcept;
  void tunnel_switched() noexcept;  ///< besides `tunnel_closed`
  void count_refused_key() noexcept;
  /// Besides `record`, where the service asks for it and the exchange counts.
  void measure(std::chrono::nanoseconds latency) noexcept { latencies_.add(latency); }
  void exchange_started() noexcept;  ///< `active` + 1
  void exchange_ended() noexcept;

  Counts read() const noexcept;
  LatencySpread latencies() const noexcept { return latencies_.read(); }
  std::uint64_t active() const noexcept;

 private:
  std::array<Cell, code_classes> by_class_;
  std::array<Cell, latency_buckets> by_latency_;
  Cell latency_ns_, client_aborts_, retries_, shielded_, budget_exhausted_;
  Cell connects_, connect_failures_, overflows_, idle_overflows_;
  Cell tunnels_opened_, tunnels_closed_, tunnels_switched_;
  Cell evidence_requests_, evidence_errors_, evidence_slow_;
  Cell started_, ended_, keys_refused_;
  LatencyMeter latencies_;
};

}  // namespace weir::outcomes
