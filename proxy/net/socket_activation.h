#pragma once
#include <vector>

#include "net/inheritance.h"

namespace weir::net {

/// The listening sockets systemd started this process with (sd_listen_fds(3)); none where it
/// did not. Asks no library: LISTEN_PID, LISTEN_FDS and descriptors from 3 on. The environment
/// no longer says so afterwards, and the descriptors close on exec. Throws
/// `std::runtime_error` for a descriptor that is no listening TCP socket.
std::vector<InheritedListener> sockets_of_systemd();

/// Tells systemd how the process stands (sd_notify(3)): "READY=1". Nothing where
/// NOTIFY_SOCKET is not set.
void tell_systemd(const std::string& state) noexcept;

}  // namespace weir::net
