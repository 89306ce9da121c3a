#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "model/plan.h"
#include "upstream/check_pace.h"
#include "upstream/discovery.h"
#include "upstream/ejection.h"
#include "upstream/health_check.h"
#include "upstream/pool_health.h"

namespace weir::upstream {

struct EndpointStatus {
  EndpointId id = 0;
  std::string address;
  std::uint16_t port = 0;
  EndpointHealth health = EndpointHealth::unknown;
  std::string last_check;  ///< reason of the last check, passed or not; empty: none yet
};

/// One pool for metrics and people. The totals count since the pool first appeared.
struct PoolStatus {
  std::uint32_t healthy = 0;  ///< usable endpoints
  std::uint32_t total = 0;
  std::uint32_t ejected = 0;
  bool panic = false;
  std::uint64_t ejections_total = 0;
  std::uint64_t ejections_refused_total = 0;  ///< to leave enough of the pool
  std::uint64_t checks_failed_total = 0;
  std::uint64_t dns_failures_total = 0;
  std::vector<EndpointStatus> endpoints;
};

/// What the pools of one registry share. Outlives them.
struct PoolSurroundings {
  boost::asio::io_context& context;
  Resolve resolve;
  std::mt19937_64 random;
  CheckPace pace{2'000};
  EndpointId last_id = 0;
};

/// One colour of one service as the control thread keeps it: finds its endpoints, checks
/// them, ejects them, and publishes a new view whenever it differs from the last.
class WatchedPool {
 public:
  /// Called while the pool is in a consistent state; must not call back into it.
  using OnChange = std::function<void(const PoolViewPtr&)>;

  /// `label`: for the log, "shop/blue".
  WatchedPool(PoolSurroundings& surroundings, std::string label, OnChange on_change);
  ~WatchedPool() { stop(); }
  WatchedPool(const WatchedPool&) = delete;
  WatchedPool& operator=(const WatchedPool&) = delete;

  /// Start and reload. What is in both plans keeps its id, health and ejection; a pool of
  /// which nothing changed is left alone.
  void apply(const PoolPlan& plan, std::shared_ptr<const net::TlsClient> tls);
  /// A worker saw `ejection.consecutive_failures` in a row.
  void report_failures(EndpointId endpoint);
  /// Ends checks, lookups and timers; the last view stays. Final.
  void stop();

  const PoolViewPtr& view() const noexcept { return view_; }  ///< never null
  PoolStatus status() const;
  /// Every name was looked up and every endpoint checked, with whatever result.
  bool looked_at() const;
  PoolStatus totals() const;  ///< the same without the endpoints

 private:
  struct Source {  ///< a configured name and what stands behind it
    EndpointName name;
    KnownAddresses known;
    std::unique_ptr<NameWatch> watch;  ///< none for literals
    bool answered = false;             ///< a look-up ended
  };
  struct Member {  ///< one resolved endpoint
    EndpointId id = 0;
    IpAddress address;
    std::uint16_t port = 0;
    std::string name;  ///< as configured
    CheckTarget target;
    EndpointCheckState checked;
    std::string last_check;
    std::unique_ptr<RepeatingCheck> check;
  };
  using Members = std::vector<std::unique_ptr<Member>>;

  std::unique_ptr<Source> take_source(const EndpointName& name);
  void watch_name(Source& source);
  void learned(Source& source, const Resolution& resolution);
  void refresh_members();
  std::unique_ptr<Member> take_member(const IpAddress& address, std::uint16_t port);
  void keep_checked(Member& member, const EndpointName& name, std::size_t position);
  void check_finished(Member& member, const CheckResult& result);
  void publish();
  EndpointHealth health_of(const Member& member) const;
  void await_release();
  void release_due();

  PoolSurroundings& surroundings_;
  const std::string label_;
  const OnChange on_change_;
  PoolPlan plan_;
  std::shared_ptr<const net::TlsClient> tls_;     ///< of the checks, where the plan has TLS
  std::vector<std::unique_ptr<Source>> sources_;  ///< in configuration order
  Members members_;
  EjectionBoard board_;
  boost::asio::steady_timer release_timer_;
  std::shared_ptr<bool> running_;  ///< a timer handler already queued looks here first
  PoolViewPtr view_;
  bool published_ = false;
  std::uint64_t checks_failed_ = 0, dns_failures_ = 0;
};

}  // namespace weir::upstream
