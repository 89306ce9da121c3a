#pragma once
#include <boost/intrusive/list_hook.hpp>
#include <optional>
#include <string_view>

#include "forwarding/client_connection.h"
#include "http/frame_boundary.h"
#include "model/plan.h"
#include "net/deadline.h"
#include "net/receive_buffer.h"
#include "outcomes/tally.h"
#include "upstream/connections.h"

namespace weir::forwarding {

struct Exchange;

/// A client's connection and its pool's after a 101: bytes pass both ways until both sides
/// are done, one fails, nothing passes for `timeouts.tunnel_idle`, or Weir closes it.
/// Neither connection is ever used for anything else.
///
/// Weir's own close is polite to a WebSocket: a Close frame, 1001 Going Away, at the next
/// frame boundary towards the client; the client's answer to it still reaches the pool.
/// Each of the two steps gets a second. Any other tunnel just ends.
class Tunnel : public boost::intrusive::list_base_hook<
                   boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  /// Takes the pool's connection out of an exchange whose 101 went to the client, with
  /// what the pool sent behind it. What the client sent early is in its input. Does not
  /// keep the exchange's routes: a tunnel outlives many snapshots.
  explicit Tunnel(Exchange& exchange);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  std::size_t service() const noexcept { return service_; }
  Version version() const noexcept { return version_; }
  bool preview() const noexcept { return preview_; }
  /// As configured when it opened.
  const TunnelPlan& plan() const noexcept { return plan_; }

  /// The version serves no new clients: close by then. Counts only the first time.
  void traffic_lost(Instant deadline) noexcept;
  /// It does again, before that.
  void traffic_came_back() noexcept;
  /// Whatever the version does.
  void close_by(Instant deadline) noexcept;

 private:
  friend net::Task<> relay_tunnel(Tunnel& tunnel);

  enum class State : std::uint8_t { open, closing, farewell_said, ended };

  net::Task<> relay_to_pool();
  net::Task<> relay_to_client();
  std::string_view passing(std::string_view bytes) noexcept;
  void passed() noexcept;
  void begin_closing() noexcept;
  void say_farewell() noexcept;
  void end() noexcept;
  void arm() noexcept;
  static void deadline_passed(void* self);

  ClientConnection& client_;
  net::Stream pool_;
  net::ReceiveBuffer from_pool_;
  std::optional<http::FrameBoundary> frames_;  ///< towards the client, of a WebSocket
  const Milliseconds idle_;
  const std::size_t service_;
  const Version version_;
  const bool preview_;
  const TunnelPlan plan_;
  outcomes::Tally& tally_;
  upstream::EndpointUse use_;
  net::Deadline deadline_;
  Instant switch_deadline_ = Instant::max();
  Instant other_deadline_ = Instant::max();
  State state_ = State::open;
  bool sending_ = false;  ///< to the client
};

/// Relays until the tunnel is over; the client's socket may still be open.
net::Task<> relay_tunnel(Tunnel& tunnel);

}  // namespace weir::forwarding
