#pragma once
#include "forwarding/client_connection.h"

namespace weir::forwarding {

/// The clients that wait between two requests with all they need for the next. Who has waited
/// for long is put to sleep: gives its memory back until something arrives. Worker thread.
class IdleClients {
 public:
  /// Until its `watched` is unlinked.
  void enter(ClientConnection& client) noexcept { fresh_.push_back(client); }
  /// Puts those to sleep that were here at the last look.
  void look() noexcept {
    while (!waiting_.empty()) {
      auto& client = waiting_.front();
      client.watched.unlink();
      client.fall_asleep();
    }
    waiting_.splice(waiting_.end(), fresh_);
  }

 private:
  WatchedClients fresh_;    ///< since the last look
  WatchedClients waiting_;  ///< for longer
};

}  // namespace weir::forwarding
