#pragma once
#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "forwarding/entrance.h"
#include "forwarding/intake.h"
#include "model/client_identity.h"
#include "model/ip_address.h"
#include "net/deadline.h"
#include "net/stream.h"

namespace weir::forwarding {

class ForwardingWorker;

/// Of the list a `ClientWatch` keeps.
using WatchHook =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One client's connection: its socket, what its request is read into, and the one deadline
/// that bounds whatever is being waited for. Lives in the frame of its coroutine, as the
/// socket does.
class ClientConnection : public boost::intrusive::list_base_hook<> {
 public:
  ClientConnection(ForwardingWorker& worker, net::Stream& accepted);
  ~ClientConnection();
  /// Who is connected, where that is not the other end of the socket.
  void set_peer(const IpAddress& address);
  std::string_view scheme() const noexcept { return socket.tls() != nullptr ? "https" : "http"; }
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  /// Bounds the waiting that follows. When it runs out, `expired` turns true, the
  /// upstream socket is closed and waiting on the client is cancelled.
  void watch(Milliseconds limit) noexcept;
  void unwatch() noexcept;
  bool expired() const noexcept { return expired_; }

  /// The connection the current attempt uses; null between attempts.
  void attach(net::Stream* upstream) noexcept { upstream_ = upstream; }

  /// Closes both sides at once; whatever waits ends with an error.
  void close() noexcept;
  bool closed() const noexcept { return !socket.is_open(); }

  /// The client went away while an exchange was at work: its pool's connection is closed
  /// and whatever waits ends with an error.
  void leave() noexcept;
  bool left() const noexcept { return left_; }

  /// Ends its wait for a request: something came that no edge may tell of any more.
  void nudge() noexcept;
  /// Whether that alone ended it; once.
  bool take_nudge() noexcept { return std::exchange(nudged_, false) && !expired_; }

  /// Counts it among those of its address; false where there are `most` already.
  bool take_place(std::uint32_t most);

  WatchHook watched;  ///< by `ClientWatch`
  net::Stream& socket;
  std::unique_ptr<Intake> intake;  ///< null while `idle`
  IpAddress peer;
  std::string peer_text;
  const Entrance* entrance = nullptr;        ///< null: one that asks for nothing
  std::unique_ptr<ClientIdentity> identity;  ///< by its certificate; null: it showed none
  /// Waiting for the first byte of another request: may be closed without loss. The first
  /// one is on its way.
  bool idle = false;

 private:
  void interrupt() noexcept;
  static void deadline_passed(void* self);

  bool counted_ = false;  ///< its address, by the worker's `Occupancy`
  bool expired_ = false;
  bool left_ = false;
  bool nudged_ = false;
  ForwardingWorker& worker_;
  net::Deadline deadline_;
  net::Stream* upstream_ = nullptr;
};

}  // namespace weir::forwarding
