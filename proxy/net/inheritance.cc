#include "net/inheritance.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "net/listener.h"

namespace weir::net {
namespace {

constexpr std::array<std::string_view, 3> names{"clients", "admin", "health"};

int option_of(int socket, int option) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : 0;
}

std::optional<std::size_t> find(const std::vector<InheritedListener>& listeners,
                                const auto& matches) {
  const auto found = std::ranges::find_if(
      listeners, [&](const auto& each) { return !each.sockets.empty() && matches(each); });
  if (found == listeners.end()) return std::nullopt;
  return static_cast<std::size_t>(found - listeners.begin());
}

}  // namespace

std::string_view name_of(PortUse use) noexcept { return names[static_cast<std::size_t>(use)]; }

std::optional<PortUse> port_use_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<PortUse>(found - names.begin());
}

std::optional<ListenAddress> listening_address(int socket) noexcept {
  Tcp::endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  if (option_of(socket, SO_ACCEPTCONN) == 0 || option_of(socket, SO_TYPE) != SOCK_STREAM ||
      ::getsockname(socket, endpoint.data(), &size) != 0) {
    return std::nullopt;
  }
  const auto family = endpoint.data()->sa_family;
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  endpoint.resize(size);
  return ListenAddress{address_of(endpoint.address()), endpoint.port()};
}

void Inheritance::add(InheritedListener listener) { listeners_.push_back(std::move(listener)); }

std::optional<InheritedListener> Inheritance::claim(PortUse use, const ListenAddress& asked) {
  auto found = find(listeners_, [&](const InheritedListener& each) {
    return each.asked == asked && (asked.port != 0 || each.use == use);
  });
  if (!found && asked.port != 0) {
    found = find(listeners_, [&](const InheritedListener& each) {
      return listening_address(each.sockets.front().get()) == asked;
    });
  }
  if (!found) return std::nullopt;
  auto& inherited = listeners_[*found];
  InheritedListener claimed{use, inherited.asked, inherited.lent, {}};
  claimed.sockets.swap(inherited.sockets);
  return claimed;
}

std::vector<bool> Inheritance::claimed() const {
  std::vector<bool> claimed;
  for (const auto& each : listeners_) claimed.push_back(each.sockets.empty());
  return claimed;
}

std::vector<std::string> Inheritance::lent_in_vain() const {
  std::vector<std::string> addresses;
  for (const auto& each : listeners_) {
    if (!each.lent || each.sockets.empty()) continue;
    addresses.push_back(each.asked.address.text() + " port " + std::to_string(each.asked.port));
  }
  return addresses;
}

void Inheritance::drop_rest() {
  for (auto& each : listeners_) each.sockets.clear();
}

}  // namespace weir::net
