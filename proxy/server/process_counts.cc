#include "server/process_counts.h"

namespace weir::server {

admin::ProcessCounts count_workers(WorkerGroup& workers, const Plan& plan) {
  admin::ProcessCounts counts;
  counts.connections_active = workers.clients();
  counts.clients_by_worker = workers.clients_by_worker();
  counts.connections_accepted = workers.clients_accepted();
  counts.connections_refused = workers.refused(forwarding::Refusal::too_many_clients);
  for (std::size_t i = 1; i < http::fault_count; ++i) {
    const auto fault = static_cast<http::Fault>(i);
    counts.rejections.emplace_back(http::name_of(fault), workers.refused(fault));
  }
  for (std::size_t i = 0; i < forwarding::refusal_count; ++i) {
    const auto refusal = static_cast<forwarding::Refusal>(i);
    counts.rejections.emplace_back(forwarding::name_of(refusal), workers.refused(refusal));
  }
  counts.limits = {{"limits.connections", plan.limits.connections},
                   {"limits.connections_per_address", plan.limits.connections_per_address},
                   {"limits.tunnels", plan.limits.tunnels},
                   {"limits.queue_per_pool", plan.limits.queue_per_pool},
                   {"limits.requests_per_pool", plan.limits.requests_per_pool},
                   {"limits.checks_per_second", plan.checks_per_second},
                   {"limits.upload_rate", plan.limits.upload_rate},
                   {"admin.limits.head_bytes", plan.admin.limits.head_bytes},
                   {"admin.limits.body_bytes", plan.admin.limits.body_bytes},
                   {"admin.limits.connections", plan.admin.limits.connections},
                   {"admin.limits.event_streams", plan.admin.limits.event_streams},
                   {"admin.limits.event_queue", plan.admin.limits.event_queue},
                   {"log.queue", plan.log.queue},
                   {"state.history", plan.state.history},

                   {"notifications.queue", plan.notifications.queue}};
  counts.memory_pressure = static_cast<int>(workers.occupancy().memory());
  return counts;
}

void count_tls(const WorkerGroup& workers,
               const std::vector<std::shared_ptr<const net::TlsServer>>& listeners,
               admin::TlsMetrics& tls) {
  for (std::size_t i = 1; i < net::tls_failure_count; ++i) {
    const auto failure = static_cast<net::TlsFailure>(i);
    const auto [client, pool] = workers.handshakes(failure);
    tls.failures.push_back({net::name_of(failure), client, pool});
  }
  const auto [client, pool] = workers.handshakes(net::TlsFailure::none);
  const auto [client_resumed, pool_resumed] = workers.resumed();
  tls.handshakes = {{"full", client - client_resumed, pool - pool_resumed},
                    {"resumed", client_resumed, pool_resumed}};
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (!listeners[i]) continue;
    for (const auto& each : listeners[i]->certificates()) {
      tls.certificates.push_back({i, each.name, each.expires_unix_s});
    }
  }
  tls.redirects = workers.redirects();
}

}  // namespace weir::server
