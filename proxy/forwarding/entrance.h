#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/ip_address.h"
#include "net/listener.h"
#include "net/tls_server.h"

namespace weir::forwarding {

class ForwardingWorker;

/// What a listener asks of who connects to it. Immutable, of all workers.
struct Entrance {
  std::vector<Cidr> proxy_protocol_from;      ///< empty: no PROXY header
  std::shared_ptr<const net::TlsServer> tls;  ///< null: in the clear
  std::optional<std::uint16_t> redirect_to_https;
};
using EntrancePtr = std::shared_ptr<const Entrance>;

/// Where one worker takes the connections of one listener. Its thread only, but for the
/// making.
class Door : public net::Reception {
 public:
  /// `entrance`: null asks for nothing.
  Door(ForwardingWorker& worker, EntrancePtr entrance)
      : worker_(worker), entrance_(std::move(entrance)) {}

  void accepted(net::Socket socket) override;
  /// Of connections from now on.
  void change(EntrancePtr entrance) { entrance_ = std::move(entrance); }

 private:
  ForwardingWorker& worker_;
  EntrancePtr entrance_;
};

}  // namespace weir::forwarding
