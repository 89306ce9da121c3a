#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/version.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::admin {

/// What TLS counted since the process began, and the certificates in force.
struct TlsMetrics {
  struct BySide {
    std::string_view label;
    std::uint64_t client = 0, pool = 0;
  };
  struct Certificate {
    std::size_t listener = 0;  ///< its place in the configuration
    std::string name;
    std::int64_t expires_unix_s = 0;
  };
  std::vector<BySide> handshakes;  ///< that went well: full, resumed
  std::vector<BySide> failures;    ///< by reason; every reason each time
  std::vector<Certificate> certificates;
  std::uint64_t reloads_ok = 0, reloads_failed = 0;
  std::uint64_t redirects = 0;  ///< requests sent to https
};

/// What the process counted since it began, whatever the service.
struct ProcessCounts {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  ///< beyond `limits.connections`
  std::uint64_t connections_active = 0;
  std::vector<std::uint64_t> clients_by_worker{};
  /// Requests that reached no pool, by reason; every reason each time, also with 0.
  std::vector<std::pair<std::string_view, std::uint64_t>> rejections;
  std::uint64_t access_lines_written = 0;
  std::uint64_t access_lines_lost = 0;
  std::uint64_t log_lines_lost = 0;
  std::uint64_t failures_lost = 0;  ///< on their way to whoever looks for repeated keys
  std::uint64_t samples_lost = 0;   ///< on their way to the rollout they were to be shown with
  /// What the configuration in force allows, by key: to be set against the counts.
  std::vector<std::pair<std::string_view, std::uint64_t>> limits;
  std::uint64_t memory_used_bytes = 0;
  std::uint64_t memory_most_bytes = 0;  ///< 0: no limit is known
  int memory_pressure = 0;              ///< 0 none, 1 high, 2 critical
  double check_delay_seconds = 0;       ///< of health checks, beyond their interval
  std::uint64_t reloads_ok = 0;
  std::uint64_t reloads_failed = 0;
  std::uint64_t take_overs_failed = 0;  ///< by processes that came to replace this one
  TlsMetrics tls{};
};

/// What one pool counted since it first appeared.
struct PoolCounters {
  std::uint64_t ejections = 0;
  std::uint64_t checks_failed = 0;
  std::uint64_t dns_failures = 0;
};

/// What the admin server counts of itself.
struct AdminCounts {
  std::uint64_t connections_active = 0;
  std::uint64_t event_streams = 0;
  std::uint64_t requests_refused = 0;  ///< 401 and 403
  /// What went beyond a limit, by its key; every key each time.
  std::vector<std::pair<std::string_view, std::uint64_t>> overruns{};
};

/// Transitions by service and kind.
using TransitionCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// Everything one scrape shows, as plain values.
struct MetricsReading {
  std::vector<rollout_loop::ServiceStatus> services;
  std::vector<PerVersion<PoolCounters>> pools;  ///< one for each service, in the same order
  ProcessCounts process;
  AdminCounts admin;
  TransitionCounts transitions;
  std::uint64_t persist_failures = 0;
  rollout_loop::RolloutHistory::Counts history{};
  rollout_loop::NoticeQueue notices{};
};

}  // namespace weir::admin
