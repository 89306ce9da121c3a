#pragma once
#include <poll.h>

#include <boost/intrusive/list.hpp>
#include <vector>

#include "forwarding/client_connection.h"

namespace weir::forwarding {

/// Notices clients that leave while their pool is at work, when nothing is read from them:
/// one poll(2) for all of a worker's exchanges that are older than a tick of the wheel, so
/// that a quick exchange costs no system call. A client that shuts down its sending side
/// counts as gone, as nginx and Envoy have it. Worker thread.
class ClientWatch {
 public:
  void enter(ClientConnection& client) noexcept;
  /// It waits for its next request by an edge, which tells of nothing that was there before
  /// (`Stream::readable`): one look, a tick or two later, finds that.
  void enter_idle(ClientConnection& client) noexcept;
  /// Once per tick. Whoever left is told by `ClientConnection::leave`, or by `nudge` where it
  /// is idle.
  void look();

 private:
  using Clients = boost::intrusive::list<
      ClientConnection,
      boost::intrusive::member_hook<ClientConnection, WatchHook, &ClientConnection::watched>,
      boost::intrusive::constant_time_size<false>>;
  void look_at(Clients& clients, short events, void (ClientConnection::*tell)() noexcept);

  Clients fresh_, fresh_idle_;  ///< since the last look
  Clients watched_;             ///< for a tick or longer
  Clients idle_;                ///< for a tick
  std::vector<::pollfd> sockets_;
};

/// Whether the client sent something that was not read yet.
bool has_unread(ClientConnection& client) noexcept;

}  // namespace weir::forwarding
