#pragma once
#include <memory>
#include <vector>

#include "admin/metrics_page.h"
#include "model/plan.h"
#include "net/tls_server.h"
#include "server/worker_group.h"

namespace weir::server {

/// What the workers counted, and what the configuration in force allows.
admin::ProcessCounts count_workers(WorkerGroup& workers, const Plan& plan);

/// TLS, by the listeners in force; null: one without.
void count_tls(const WorkerGroup& workers,
               const std::vector<std::shared_ptr<const net::TlsServer>>& listeners,
               admin::TlsMetrics& tls);

}  // namespace weir::server
