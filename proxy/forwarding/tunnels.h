#pragma once
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <optional>
#include <random>

#include "forwarding/place.h"
#include "forwarding/tunnel.h"
#include "routing/snapshot.h"

namespace weir::forwarding {

/// Whether new clients still go to that version. A service that is gone serves nobody.
bool serves_new_clients(const routing::RoutingSnapshot& snapshot, std::size_t service,
                        Version version) noexcept;

/// How long a tunnel stays once its version lost its traffic: somewhere in the last `jitter`
/// of `after_switch`.
Milliseconds stay_after_switch(const TunnelPlan& plan, std::uint64_t random) noexcept;

/// … and once a drain began: somewhere in the first four fifths of its deadline, so that
/// farewells are over before the end.
Milliseconds stay_in_drain(Milliseconds deadline, std::uint64_t random) noexcept;

/// The tunnels of one worker, and when each has to go. Worker thread.
class Tunnels {
 public:
  explicit Tunnels(std::uint64_t seed) : random_(seed) {}

  /// Nothing where `most` are taken.
  std::optional<Place> place(std::uint32_t most) noexcept;
  void enter(Tunnel& tunnel, const routing::RoutingSnapshot& snapshot, Instant now);
  /// Tunnels of versions that lost their traffic get a deadline; where it came back in
  /// time they stay. Tunnels made by preview stay whatever the split is.
  void routes_changed(const routing::RoutingSnapshot& snapshot, Instant now);
  /// All get a deadline, those that open from now on as well.
  void drain(Milliseconds deadline, Instant now);

 private:
  /// `route`: null where its service is gone.
  void judge(Tunnel& tunnel, const routing::ServiceRoute* route, Instant now);

  boost::intrusive::list<Tunnel, boost::intrusive::constant_time_size<false>> tunnels_;
  std::mt19937_64 random_;
  std::uint32_t taken_ = 0;
  std::optional<Milliseconds> drain_;
};

}  // namespace weir::forwarding
