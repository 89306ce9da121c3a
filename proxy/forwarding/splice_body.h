#pragma once
#include <optional>

#include "forwarding/relay_body.h"

namespace weir::forwarding {

/// The rest of this body can go from socket to socket without being copied, and is large
/// enough for it: its length is known, both sides are in the clear, and nothing is held.
bool can_splice(const RelaySource& source, const RelaySink& sink) noexcept;

/// Moves it through a pipe, under the deadlines of `relay_body`. Nothing: there is no pipe to
/// be had, or none that this kernel can use; what is left of the body is to be copied.
net::Task<std::optional<RelayEnd>> splice_body(ClientConnection& client, RelaySource source,
                                               RelaySink sink, WireTimeouts timeouts);

}  // namespace weir::forwarding
