#include "net/socket_activation.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace weir::net {
namespace {

constexpr int first_descriptor = 3;

/// 0 where the variable is not there or is no number.
int number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  int number = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
  return number;
}

InheritedListener lent_socket(int handle) {
  ::fcntl(handle, F_SETFD, FD_CLOEXEC);
  const auto address = listening_address(handle);
  if (!address) {
    throw std::runtime_error("LISTEN_FDS: descriptor " + std::to_string(handle) +
                             " is no listening TCP socket");
  }
  InheritedListener listener{PortUse::clients, *address, true, {}};
  listener.sockets.emplace_back(handle);
  return listener;
}

}  // namespace

std::vector<InheritedListener> sockets_of_systemd() {
  std::vector<InheritedListener> listeners;
  const bool ours = number_in_environment("LISTEN_PID") == ::getpid();
  const int count = ours ? number_in_environment("LISTEN_FDS") : 0;
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  listeners.reserve(static_cast<std::size_t>(std::max(0, count)));
  for (int i = 0; i < count; ++i) listeners.push_back(lent_socket(first_descriptor + i));
  return listeners;
}

void tell_systemd(const std::string& state) noexcept {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  const auto length = path == nullptr ? 0 : std::strlen(path);
  if (length == 0 || length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // of the abstract name space
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace weir::net
