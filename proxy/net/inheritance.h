#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "net/descriptor.h"

namespace weir::net {

/// What an address is for. Which of the three a socket served makes no difference where its
/// port is fixed; port 0 is only found again by it.
enum class PortUse : std::uint8_t { clients, admin, health };

std::string_view name_of(PortUse use) noexcept;
std::optional<PortUse> port_use_named(std::string_view name) noexcept;

/// Listening sockets of one address that another process opened.
struct InheritedListener {
  PortUse use = PortUse::clients;
  ListenAddress asked;  ///< as that process's configuration had it
  bool lent = false;    ///< by systemd, which keeps them open: nothing is lost as we close ours
  std::vector<Descriptor> sockets{};  ///< at least one, each to be accepted from
};

/// The address a listening socket has; none where it is no TCP socket that listens.
std::optional<ListenAddress> listening_address(int socket) noexcept;

/// What a process begins with. Control thread, start-up only.
class Inheritance {
 public:
  void add(InheritedListener listener);
  bool empty() const noexcept { return listeners_.empty(); }

  /// The sockets for an address, which are this one's no longer; nothing where there are none.
  std::optional<InheritedListener> claim(PortUse use, const ListenAddress& asked);
  /// By index, in the order they were added: what was claimed.
  std::vector<bool> claimed() const;
  /// Addresses that systemd lent and nobody claimed: connections to them would wait for ever.
  std::vector<std::string> lent_in_vain() const;
  /// Closes our copies of what nobody claimed.
  void drop_rest();

 private:
  std::vector<InheritedListener> listeners_;  ///< without sockets: claimed
};

}  // namespace weir::net
