#include "forwarding/client_connection.h"

#include "forwarding/forwarding_worker.h"
#include "net/listener.h"

namespace weir::forwarding {

ClientConnection::ClientConnection(ForwardingWorker& worker, net::Stream& accepted)
    : socket(accepted),
      intake(worker.take_intake()),
      worker_(worker),
      deadline_(worker.worker().wheel(), &ClientConnection::deadline_passed, this) {
  net::error_code error;
  const auto remote = socket.socket().remote_endpoint(error);
  set_peer(error ? IpAddress{} : net::address_of(remote.address()));
  worker_.entered(*this);
}

ClientConnection::~ClientConnection() {
  if (counted_) worker_.occupancy().leave(peer);
  if (intake) worker_.give_back(std::move(intake));
  worker_.left(*this);
}

bool ClientConnection::take_place(std::uint32_t most) {
  counted_ = worker_.occupancy().enter(peer, most);
  return counted_;
}

void ClientConnection::set_peer(const IpAddress& address) {
  peer = address;
  peer_text = peer.text();
}

void ClientConnection::watch(Milliseconds limit) noexcept {
  expired_ = false;
  deadline_.arm(worker_.now() + limit);
}

void ClientConnection::unwatch() noexcept {
  expired_ = false;
  deadline_.disarm();
}

void ClientConnection::close() noexcept {
  net::error_code ignored;
  if (upstream_ != nullptr) upstream_->close(ignored);
  socket.close(ignored);
}

void ClientConnection::leave() noexcept {
  left_ = true;
  interrupt();
}

void ClientConnection::nudge() noexcept {
  nudged_ = true;
  net::error_code ignored;
  socket.cancel(ignored);
}

void ClientConnection::interrupt() noexcept {
  net::error_code ignored;
  if (upstream_ != nullptr) upstream_->close(ignored);
  socket.cancel(ignored);
}

void ClientConnection::deadline_passed(void* self) {
  auto& client = *static_cast<ClientConnection*>(self);
  client.expired_ = true;
  client.interrupt();
}

}  // namespace weir::forwarding
