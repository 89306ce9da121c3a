#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/admin_server.h"
#include "model/plan.h"
#include "net/tls_material.h"
#include "rollout_loop/audit_log.h"
#include "rollout_loop/notifier.h"
#include "rollout_loop/rollout_history.h"
#include "rollout_loop/rollout_loop.h"
#include "rollout_loop/state_store.h"
#include "server/access_log_writer.h"
#include "server/departure.h"
#include "server/hook_poster.h"
#include "server/memory_watch.h"
#include "server/opening.h"
#include "server/predecessor.h"
#include "server/succession.h"
#include "server/worker_group.h"
#include "upstream/pool_registry.h"

namespace weir::server {

/// The running proxy: everything wired together, from start to the end of the drain.
/// Its control thread is the one that calls `run`.
class Proxy {
 public:
  /// `take_over`: where the process is that this one replaces; empty: there is none.
  Proxy(std::string config_path, std::shared_ptr<const Plan> plan, std::string take_over);
  ~Proxy();

  /// Serves until SIGTERM or SIGINT has been dealt with, or another process has taken over.
  /// Throws where an address, the state or the token file cannot be had.
  void run();

 private:
  using Awaitable = boost::asio::awaitable<void>;

  Awaitable start();
  Awaitable prepare();
  Awaitable open_state();
  Awaitable replace_predecessor();
  void begin_control();
  Estate estate();
  std::vector<OfferedListener> offer();
  /// Another process serves now.
  void leave(const std::vector<bool>& taken);
  Awaitable obey_signals();
  /// As often as it was asked for meanwhile.
  Awaitable reload();
  /// Throws where the configuration will not do; nothing changed then.
  Awaitable take_over_configuration();
  void warn_of_checks() const;
  /// Reads TLS files again where they change, and changes the keys of tickets.
  Awaitable keep_tls_fresh();
  void refresh_tls();
  /// Throws, each problem logged, where a file will not do.
  net::TlsMaterial load_tls(const Plan& plan);
  Awaitable drain(bool keep_accepting);
  Awaitable depart();
  void finish();
  rollout_loop::RolloutLoop::ViewOf pool_views();
  admin::MetricsSource metrics_source();
  admin::ProcessCounts process_counts();

  const std::string config_path_, take_over_;
  std::shared_ptr<const Plan> plan_;
  boost::asio::io_context control_{1};
  boost::asio::signal_set signals_;
  std::unique_ptr<rollout_loop::StateStore> store_;
  rollout_loop::AuditLog audit_;
  rollout_loop::RolloutHistory history_;
  const std::shared_ptr<net::TicketKeys> ticket_keys_ = std::make_shared<net::TicketKeys>();
  net::TlsFiles tls_files_;
  std::vector<std::shared_ptr<const net::TlsServer>> tls_listeners_;  ///< in force
  Opening opening_;
  std::optional<Predecessor> predecessor_;  ///< until it is replaced
  WorkerGroup workers_;
  Departure departure_{control_, workers_};
  HookPoster poster_{control_};
  std::optional<rollout_loop::RolloutLoop> loop_;
  std::optional<rollout_loop::Notifier> notifier_;
  upstream::PoolRegistry pools_;
  std::optional<admin::AdminServer> admin_;
  std::optional<Succession> succession_;
  std::optional<AccessLogWriter> access_log_;
  MemoryWatch memory_{control_, workers_};
  boost::asio::thread_pool background_{1};  ///< reads configurations
  bool ready_ = false;
  bool reload_asked_ = false;
  bool reloading_ = false;
  std::uint64_t reloads_ = 0, failed_reloads_ = 0;
  std::uint64_t tls_reloads_ = 0, failed_tls_reloads_ = 0;
};

}  // namespace weir::server
