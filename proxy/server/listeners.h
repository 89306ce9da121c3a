#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "forwarding/entrance.h"
#include "model/plan.h"
#include "net/inheritance.h"
#include "net/listener.h"
#include "net/tls_material.h"
#include "server/lane.h"

namespace weir::server {

/// A listener as another process takes it over. The sockets stay ours.
struct OfferedListener {
  net::PortUse use = net::PortUse::clients;
  ListenAddress asked;
  bool lent = false;
  std::vector<int> sockets{};
};

/// The addresses clients connect to, with a way into every worker. Called on the control
/// thread; reaches each worker by posting to it. `lanes` outlives it and stays as it is.
class Listeners {
 public:
  explicit Listeners(Lanes& lanes) : lanes_(lanes) {}

  /// Has every address, from `inherited` where it is there, and lets nobody in. Throws
  /// `boost::system::system_error` where an address cannot be had. Start-up only.
  void prepare(const std::vector<ListenerPlan>& listeners, net::Inheritance& inherited);
  /// Opens what is new, closes what is gone, keeps the rest, and lets clients in. Throws
  /// `boost::system::system_error`, nothing changed, where an address cannot be had.
  /// `tls`: of each, as in `TlsMaterial`; taken up by listeners that stay, too.
  void listen(const std::vector<ListenerPlan>& listeners,
              const std::vector<std::shared_ptr<const net::TlsServer>>& tls);
  /// The port each address ended up with, in the order of `listen`.
  std::vector<std::uint16_t> ports() const;

  /// What was inherited is this process's alone now.
  void own_inherited();

  std::vector<OfferedListener> offer() const;
  /// Changes whenever what `offer` says does.
  std::uint64_t generation() const noexcept { return generation_; }

  /// No more clients: those whose connection stands are let in, then all is closed.
  /// `taken`: by index of `offer`, what another process accepts from now; the rest is ours.
  void stop(const std::vector<bool>& taken = {});
  /// Someone may still come in by an address that is being closed.
  bool closing() const noexcept { return open_gates_ > 0 && listeners_.empty(); }

 private:
  /// One socket, and the worker that accepts from it.
  struct Gate {
    std::size_t lane = 0;
    net::Acceptor acceptor;
    net::Descriptor inherited{};  ///< until somebody is let in
    bool shared = false;          ///< another process has it too, and keeps it open
  };
  struct Listener {
    ListenAddress asked;
    std::uint16_t port = 0;
    bool lent = false, accepting = false;
    std::vector<std::unique_ptr<forwarding::Door>> doors{};  ///< by lane
    std::vector<std::unique_ptr<Gate>> gates{};              ///< at least one for each lane
  };

  Listener without_gates(const ListenAddress& asked);
  Listener open(const ListenAddress& asked);
  Listener take_over(const ListenAddress& asked, net::InheritedListener inherited);
  void add_gate(Listener& listener, std::size_t lane, net::Descriptor inherited);
  std::vector<std::optional<std::size_t>> match_open(
      const std::vector<ListenerPlan>& listeners) const;
  void begin_listening(Listener& listener);
  void start_accepting(Listener& listener);
  void change_doors(Listener& listener, const forwarding::EntrancePtr& entrance);
  void close(Listener listener, bool taken);
  static net::Task<> close_gate(Gate& gate, forwarding::Door& door, std::atomic<int>& open_gates);

  Lanes& lanes_;
  std::vector<Listener> listeners_;
  std::vector<Listener> closed_;  ///< their loops may still have to end
  std::uint64_t generation_ = 0;
  std::atomic<int> open_gates_{0};  ///< that let somebody in
};

}  // namespace weir::server
