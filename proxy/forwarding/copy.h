#pragma once
#include <memory>
#include <optional>
#include <string>

#include "forwarding/copies.h"
#include "forwarding/exchange.h"
#include "forwarding/pool_connection.h"
#include "outcomes/mirror_tally.h"

namespace weir::forwarding {

/// A request that stable has answered, and how.
struct CopiedRequest {
  std::string head;  ///< as it goes to canary; there is no body
  http::Method method;
  outcomes::MirrorAnswer original;
};

/// The counters of the copies that this service's canary is sent.
outcomes::MirrorTally& mirror_tally(const Routes& routes,
                                    const routing::ServiceRoute& service) noexcept;

/// One copy under way. Holds all it needs: its client may be gone. Worker thread.
class Copy final : public CopyUnderWay {
 public:
  /// `service`: of the worker's routes as they are now. Its canary is sent the copy.
  Copy(ForwardingWorker& worker, const routing::ServiceRoute& service, CopiedRequest request,
       Place place);
  ~Copy();
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  void cut_off() noexcept override;

 private:
  friend net::Task<> send_copy(std::unique_ptr<Copy> copy);
  net::Task<bool> converse();
  net::Task<bool> connect();
  net::Task<bool> ask();
  net::Task<bool> receive_head();
  net::Task<bool> drop_body();
  std::optional<http::Fault> look_at_head();
  bool enter_pool();
  void release_connection();
  void record(bool answered) noexcept;
  void end() noexcept;
  static void deadline_passed(void* self);
  PoolPeer peer() const noexcept { return {worker_, service_, version_, *endpoint_}; }
  const WireLimits& limits() const noexcept { return routes_->snapshot->plan->limits; }

  ForwardingWorker& worker_;
  const RoutesPtr routes_;  ///< keeps `service_` alive
  const routing::ServiceRoute& service_;
  const Version version_;
  const CopiedRequest request_;
  const Place place_;
  const Instant started_;
  std::unique_ptr<Scratch> scratch_;
  const Endpoint* endpoint_ = nullptr;
  std::optional<upstream::Connection> connection_;
  std::optional<InFlight> in_flight_;
  net::Deadline deadline_;
  bool response_seen_ = false;
  bool keep_connection_ = false;  ///< the answer was read to its exact end
  bool over_ = false;             ///< the deadline passed, or it was cut off
  bool dropped_ = false;          ///< by Weir itself
};

/// Sends it, reads the answer up to the service's bound, compares, counts.
net::Task<> send_copy(std::unique_ptr<Copy> copy);

}  // namespace weir::forwarding
