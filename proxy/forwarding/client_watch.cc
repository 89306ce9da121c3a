#include "forwarding/client_watch.h"

namespace weir::forwarding {

void ClientWatch::enter(ClientConnection& client) noexcept { fresh_.push_back(client); }

void ClientWatch::enter_idle(ClientConnection& client) noexcept { fresh_idle_.push_back(client); }

void ClientWatch::look() {
  look_at(watched_, POLLRDHUP, &ClientConnection::leave);
  watched_.splice(watched_.end(), fresh_);
  look_at(idle_, POLLIN | POLLRDHUP, &ClientConnection::nudge);
  idle_.clear();
  idle_.swap(fresh_idle_);
}

void ClientWatch::look_at(Clients& clients, short events,
                          void (ClientConnection::*tell)() noexcept) {
  sockets_.clear();
  for (auto& client : clients) {
    sockets_.push_back({client.socket.socket().native_handle(), events, 0});
  }
  if (sockets_.empty() || ::poll(sockets_.data(), sockets_.size(), 0) <= 0) return;
  auto socket = sockets_.begin();
  for (auto& client : clients) {
    if (((socket++)->revents & (events | POLLHUP | POLLERR)) != 0) (client.*tell)();
  }
}

bool has_unread(ClientConnection& client) noexcept {
  return !client.intake->input.empty() || !client.socket.silent();
}

}  // namespace weir::forwarding
