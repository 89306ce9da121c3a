#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "http/fault.h"

namespace weir::forwarding {

/// Why Weir answered a request itself although its bytes were in order.
enum class Refusal : std::uint8_t {
  no_service,          ///< 404: no service takes this host and path
  head_timeout,        ///< 408
  pool_down,           ///< 503: no endpoint
  pool_full,           ///< 503: too many requests in flight
  connect_failed,      ///< 502
  upstream_reset,      ///< 502
  upstream_invalid,    ///< 502: the response's framing is in doubt
  upstream_timeout,    ///< 504
  too_many_clients,    ///< 503
  too_many_tunnels,    ///< 503
  too_many_of_client,  ///< 503: connections from one address
  out_of_memory,       ///< 503: the process is near its limit

  untrusted_balancer,    ///< closed: no address PROXY headers are taken from
  bad_proxy_header,      ///< closed: none, or not of the PROXY protocol
  proxy_header_timeout,  ///< closed
  no_host,               ///< 400: a redirect needs one
  slow_reader,           ///< closed: took nothing of its answer for too long
};
inline constexpr std::size_t refusal_count = 17;

int status_of(Refusal refusal) noexcept;
std::string_view name_of(Refusal refusal) noexcept;  ///< label of the metric
std::string_view explain(Refusal refusal) noexcept;  ///< one sentence for the client

/// Refusals by reason. One worker writes, any thread reads.
class RefusalCounts {
 public:
  void count(http::Fault fault) noexcept { add(faults_[static_cast<std::size_t>(fault)]); }
  void count(Refusal refusal) noexcept { add(refusals_[static_cast<std::size_t>(refusal)]); }
  std::uint64_t of(http::Fault fault) const noexcept {
    return faults_[static_cast<std::size_t>(fault)].load(std::memory_order_relaxed);
  }
  std::uint64_t of(Refusal refusal) const noexcept {
    return refusals_[static_cast<std::size_t>(refusal)].load(std::memory_order_relaxed);
  }

 private:
  using Cell = std::atomic<std::uint64_t>;
  static void add(Cell& cell) noexcept {
    cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::array<Cell, http::fault_count> faults_{};
  std::array<Cell, refusal_count> refusals_{};
};

}  // namespace weir::forwarding
