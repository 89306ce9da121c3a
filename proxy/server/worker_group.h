#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "forwarding/forwarding_worker.h"
#include "model/plan.h"
#include "outcomes/tally.h"
#include "rollout_loop/publication.h"
#include "server/lane.h"
#include "server/listeners.h"

namespace weir::server {

/// All workers with their listeners and tallies. Called on the control thread;
/// reaches each worker by posting to it.
class WorkerGroup : public rollout_loop::Publication {
 public:
  /// `endpoint_failed` is called on the control thread.
  WorkerGroup(boost::asio::io_context& control, const Plan& plan,
              const forwarding::EndpointFailed& endpoint_failed);
  ~WorkerGroup() override;

  void publish(std::shared_ptr<const routing::RoutingSnapshot> snapshot) override;
  boost::asio::awaitable<void> settled() override;
  PerVersion<outcomes::Counts> counts(std::size_t index) const override;
  outcomes::LatencySpread latencies(std::size_t index, Version version) const override;
  PerVersion<std::uint64_t> active(std::size_t index) const override;
  PerVersion<outcomes::MirrorCounts> mirrored(std::size_t index) const override;
  void drain_failures(const TakeFailure& take) override;
  void drain_samples(const TakeSample& take) override;
  /// Failures and samples that found the way here full.
  std::uint64_t failures_lost() const noexcept;
  std::uint64_t samples_lost() const noexcept;

  /// Gives up snapshots that nobody uses any more, away from every thread that serves:
  /// taking a hundred thousand endpoints down costs milliseconds. To be called now and then.
  void release_unused();

  /// Starts the threads. A snapshot must have been published.
  void start();
  Listeners& listeners() noexcept { return listeners_; }
  /// TLS towards the pools, for connections from now on; what sticky keys are signed with.
  void install(std::shared_ptr<const net::TlsClients> clients,
               std::shared_ptr<const net::StickySecrets> sticky);

  /// Answers say close from now on; no request is copied any more.
  void drain();
  /// Closes the clients that asked for nothing since their last answer.
  void close_idle();
  void close_all();
  /// A client is there, or may still come in.
  bool busy() const noexcept { return clients() > 0 || listeners_.closing(); }
  /// Client connections open now, and accepted since the start.
  std::uint64_t clients() const noexcept;
  std::vector<std::uint64_t> clients_by_worker() const;
  /// Copies of requests that are under way.
  std::uint64_t copies() const noexcept;
  std::uint64_t clients_accepted() const noexcept;
  /// Requests refused for that reason, all workers.
  template <class Reason>
  std::uint64_t refused(Reason reason) const noexcept {
    std::uint64_t refused = 0;
    for (const auto& lane : lanes_) refused += lane->forwarding.refusals().of(reason);
    return refused;
  }
  /// TLS handshakes of that result, all workers: with clients, and with pools.
  struct Handshakes {
    std::uint64_t client = 0, pool = 0;
  };
  Handshakes handshakes(net::TlsFailure result) const noexcept;
  /// Of those that went well: how many went on from an earlier session.
  Handshakes resumed() const noexcept;
  std::uint64_t redirects() const noexcept;
  void stop();

  /// Rung when there is something to write.
  forwarding::Bell& access_bell() noexcept { return *access_bell_; }
  forwarding::Occupancy& occupancy() noexcept { return *occupancy_; }
  std::size_t size() const noexcept { return lanes_.size(); }
  forwarding::ForwardingWorker& worker(std::size_t index) noexcept {
    return lanes_[index]->forwarding;
  }

 private:
  void grow_tallies(const routing::RoutingSnapshot& snapshot);
  void tell();
  void on_each(const std::function<void(forwarding::ForwardingWorker&)>& visit);
  void taken_up(std::size_t lane, std::uint64_t publication);
  bool all_taken_up() const noexcept;

  boost::asio::io_context& control_;
  const std::shared_ptr<forwarding::Occupancy> occupancy_ =
      std::make_shared<forwarding::Occupancy>();
  const std::shared_ptr<forwarding::RefusalLog> refusal_log_ =
      std::make_shared<forwarding::RefusalLog>();
  const std::shared_ptr<forwarding::Bell> access_bell_ = std::make_shared<forwarding::Bell>();
  Lanes lanes_;
  Listeners listeners_{lanes_};
  /// Published and not given up: no worker ever holds the last reference to one.
  std::vector<std::shared_ptr<const routing::RoutingSnapshot>> snapshots_;
  std::shared_ptr<const routing::RoutingSnapshot> latest_;
  std::shared_ptr<const net::TlsClients> clients_;
  std::shared_ptr<const net::StickySecrets> sticky_;
  boost::asio::thread_pool disposal_{1};
  std::uint64_t published_ = 0;
  std::vector<std::uint64_t> taken_up_;  ///< by lane: the last publication it installed
  boost::asio::steady_timer settled_;    ///< never expires; cancelled at each answer
};

}  // namespace weir::server
