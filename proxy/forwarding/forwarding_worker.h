#pragma once
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "forwarding/access_log.h"
#include "forwarding/balance.h"
#include "forwarding/client_connection.h"
#include "forwarding/client_watch.h"
#include "forwarding/copies.h"
#include "forwarding/entrance.h"
#include "forwarding/latest.h"
#include "forwarding/occupancy.h"
#include "forwarding/pool_load.h"
#include "forwarding/refusal.h"
#include "forwarding/refusal_log.h"
#include "forwarding/retry_budget.h"
#include "forwarding/scratch.h"
#include "forwarding/spares.h"
#include "forwarding/sticky_seal.h"
#include "forwarding/tunnels.h"
#include "http/trace_context.h"
#include "net/listener.h"
#include "net/tls_failure.h"
#include "net/tls_material.h"
#include "net/worker.h"
#include "outcomes/failure_queue.h"
#include "outcomes/sample_queue.h"
#include "outcomes/service_tally.h"
#include "routing/snapshot.h"
#include "upstream/connections.h"

namespace weir::forwarding {

/// What a worker routes by and counts into, taken up together. An exchange keeps
/// the one it began with; the count of holders is the worker's own, not atomic.
struct Routes {
  std::shared_ptr<const routing::RoutingSnapshot> snapshot;
  std::vector<outcomes::ServiceTally*> tallies;        ///< by `ServiceRoute::index`
  std::vector<std::uint64_t> epochs;                   ///< likewise
  std::vector<const routing::ServiceRoute*> by_index;  ///< null: gone from the configuration
};
using RoutesPtr = boost::local_shared_ptr<const Routes>;

/// All that a worker forwards by. A null part leaves what is in force.
struct News {
  std::shared_ptr<const routing::RoutingSnapshot> snapshot;
  std::vector<outcomes::ServiceTally*> tallies;      ///< by service index
  std::shared_ptr<const net::TlsClients> clients;    ///< the TLS towards the pools
  std::shared_ptr<const net::StickySecrets> sticky;  ///< what sticky keys are signed with
};

/// A worker saw an endpoint fail as often in a row as its pool allows.
using EndpointFailed =
    std::function<void(const std::string& service, Version version, EndpointId endpoint)>;

/// All workers of the process. Made whole before the first client comes.
struct Crew {
  explicit Crew(std::size_t count) : balance(count) {}
  Balance balance;
  std::vector<ForwardingWorker*> workers{};  ///< by index
};

/// Everything one worker owns on the way of a request: routes, pool connections,
/// budgets, counters, clients. Its thread only, but for what says otherwise.
class ForwardingWorker {
 public:
  struct Setup {
    std::shared_ptr<Crew> crew;  ///< one for all; each joins it
    std::uint32_t access_queue = 8192;
    std::uint64_t seed = 0;
    EndpointFailed endpoint_failed;  ///< called on the worker's thread
    std::shared_ptr<Occupancy> occupancy = std::make_shared<Occupancy>();      ///< one for all
    std::shared_ptr<RefusalLog> refusal_log = std::make_shared<RefusalLog>();  ///< likewise
    std::shared_ptr<Bell> access_bell = std::make_shared<Bell>();              ///< likewise
  };

  ForwardingWorker(net::Worker& worker, Setup setup);
  ~ForwardingWorker();
  ForwardingWorker(const ForwardingWorker&) = delete;
  ForwardingWorker& operator=(const ForwardingWorker&) = delete;

  /// A new client came in here; it is served here or where there are fewer (`Balance`).
  /// `entrance`: what its listener asks; null: nothing.
  void accepted(net::Socket socket, EntrancePtr entrance);
  /// The next request of every client is routed by it, those included that have arrived and
  /// wait for their turn. Any thread.
  void tell(std::unique_ptr<News> news) noexcept { news_.put(std::move(news)); }
  /// Before each request, and whenever there may be news.
  void take_up_news() {
    if (const auto news = news_.take()) install(*news);
  }
  /// Clients are closed after the answer to their next request; copies at once.
  void drain();
  /// Closes the clients that wait between two requests. Those who have not asked for
  /// anything yet are about to.
  void close_idle();
  /// Closes every client at once.
  void close_all();

  net::Worker& worker() noexcept { return worker_; }
  Instant now() noexcept { return worker_.now(); }  ///< of this turn of the loop
  const RoutesPtr& routes() const noexcept { return routes_; }
  const Plan& plan() const noexcept { return *routes_->snapshot->plan; }
  upstream::Connections& connections() noexcept { return connections_; }
  RetryBudget& budget(const routing::ServiceRoute& service);
  bool draining() const noexcept { return draining_; }
  /// Whether an exchange that began at `epoch` of this service still counts.
  bool is_current(const routing::ServiceRoute& service) const noexcept;
  void endpoint_failed(const routing::ServiceRoute& service, Version version, EndpointId endpoint);
  PoolLoad& load(const routing::ServiceRoute& service, Version version);
  /// Null where the service's sticky keys are not signed.
  StickySeal* sticky_seal(const routing::ServiceRoute& service);
  /// A place among the few refused clients that are closed with patience.
  std::optional<Place> patience_for_refused() noexcept;
  /// Why this connection may not stay; counts it among those of its address.
  std::optional<Refusal> refusal_of(ClientConnection& client);
  Occupancy& occupancy() noexcept { return *setup_.occupancy; }
  /// Whether clients may send another request after the answer to this one.
  bool keeps_clients() const noexcept {
    return !draining_ && setup_.occupancy->memory() == MemoryPressure::none;
  }

  ClientWatch& client_watch() noexcept { return client_watch_; }
  /// Nothing where this worker's part of `limits.tunnels` is taken.
  std::optional<Place> place_for_tunnel() noexcept;
  void tunnel_opened(Tunnel& tunnel);
  Copies& copies() noexcept { return copies_; }
  const Copies& copies() const noexcept { return copies_; }
  /// Null where the pool has no TLS, or none that could be read.
  std::shared_ptr<const net::TlsClient> tls_client(const routing::ServiceRoute& service,
                                                   Version version) const;

  std::unique_ptr<Intake> take_intake() { return intakes_.take(); }
  void give_back(std::unique_ptr<Intake> intake);
  std::unique_ptr<Scratch> take_scratch() { return scratch_.take(); }
  void give_back(std::unique_ptr<Scratch> scratch);
  bool samples_access_log() noexcept;
  http::RequestId new_request_id();

  RefusalCounts& refusals() noexcept { return refusals_; }
  const RefusalCounts& refusals() const noexcept { return refusals_; }         ///< any thread
  net::TlsCounts& client_handshakes() noexcept { return client_handshakes_; }  ///< read by any
  net::TlsCounts& pool_handshakes() noexcept { return pool_handshakes_; }      ///< read by any
  RefusalLog& refusal_log() noexcept { return *setup_.refusal_log; }
  void count_redirect() noexcept { redirects_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t redirects() const noexcept { return redirects_.load(std::memory_order_relaxed); }
  outcomes::FailureQueue& failures() noexcept { return failures_; }  ///< see FailureQueue
  outcomes::SampleQueue& samples() noexcept { return samples_; }     ///< see SampleQueue
  AccessQueue& access_log() noexcept { return access_log_; }         ///< see AccessQueue
  /// Those on their way here included. Any thread.
  std::uint64_t clients() const noexcept { return setup_.crew->balance.clients(index()); }
  std::uint64_t clients_accepted() const noexcept {
    return accepted_.load(std::memory_order_relaxed);
  }

 private:
  friend class ClientConnection;
  std::size_t index() const noexcept { return worker_.index(); }
  std::uint32_t workers() const noexcept {
    return static_cast<std::uint32_t>(setup_.crew->workers.size());
  }
  void serve(net::Socket socket, EntrancePtr entrance);
  void install(const News& news);
  void hand_over(net::Socket socket, EntrancePtr entrance, ForwardingWorker& other);
  void entered(ClientConnection& client);
  void left(ClientConnection& client);
  net::Task<> sweep_idle();
  static void look_after_clients(void* self);
  /// One worker's part of a limit for all.
  std::uint32_t part_of(std::uint32_t limit) const noexcept;
  std::optional<Milliseconds> idle_limit(upstream::PoolPlace pool, EndpointId endpoint) const;

  net::Worker& worker_;
  Setup setup_;
  Latest<News> news_;
  RoutesPtr routes_;
  upstream::Connections connections_;
  std::unordered_map<std::size_t, RetryBudget> budgets_;
  std::unordered_map<std::size_t, PerVersion<PoolLoad>> loads_;
  Spares<Intake> intakes_;
  Spares<Scratch> scratch_;
  boost::intrusive::list<ClientConnection, boost::intrusive::constant_time_size<false>> clients_;
  ClientWatch client_watch_;
  net::Deadline next_look_;  ///< of `client_watch_`
  Tunnels tunnels_;
  Copies copies_;
  RefusalCounts refusals_;
  outcomes::FailureQueue failures_;
  outcomes::SampleQueue samples_;
  AccessQueue access_log_;
  net::TlsCounts client_handshakes_, pool_handshakes_;
  std::shared_ptr<const net::TlsClients> clients_tls_;
  std::shared_ptr<const net::StickySecrets> sticky_secrets_;
  std::unordered_map<std::size_t, StickySeal> sticky_seals_;  ///< made as they are needed
  std::atomic<std::uint64_t> redirects_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::uint32_t patient_ = 0;  ///< refused clients being closed
  bool draining_ = false;
};

}  // namespace weir::forwarding
