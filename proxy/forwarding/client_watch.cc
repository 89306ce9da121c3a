#include "forwarding/client_watch.h"

namespace weir::forwarding {

void ClientWatch::enter(ClientConnection& client) noexcept { fresh_.push_back(client); }

void ClientWatch::look() {
  sockets_.clear();
  for (auto& client : watched_) {
    sockets_.push_back({client.socket.socket().native_handle(), POLLRDHUP, 0});
  }
  if (!sockets_.empty() && ::poll(sockets_.data(), sockets_.size(), 0) > 0) {
    auto socket = sockets_.begin();
    for (auto& client : watched_) {
      if (((socket++)->revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) client.leave();
    }
  }
  watched_.splice(watched_.end(), fresh_);
}

bool has_unread(ClientConnection& client) noexcept {
  return !client.intake->input.empty() || !client.socket.silent();
}

}  // namespace weir::forwarding
