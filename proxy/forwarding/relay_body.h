#pragma once
#include <cstdint>
#include <string_view>

#include "forwarding/body_reader.h"
#include "forwarding/client_connection.h"
#include "forwarding/least_rate.h"
#include "model/wire_limits.h"
#include "net/task.h"

namespace weir::forwarding {

enum class RelayEnd : std::uint8_t {
  complete,       ///< read and sent to its exact end
  source_failed,  ///< the sender closed or broke off early
  bad_framing,    ///< the sender broke the rules (`BodyReader::fault`)
  bad_start,      ///< likewise, before anything was sent, the head included
  sink_failed,    ///< the receiver closed or broke off
};

struct RelaySource {
  net::Stream& socket;
  net::ReceiveBuffer& buffer;
  BodyReader& body;
  LeastRate* pace = nullptr;  ///< null: of no interest
};

struct RelaySink {
  net::Stream& socket;
  bool chunked = false;   ///< frame what is sent as chunks
  bool trailers = false;  ///< … and send the trailers that may travel
};

/// Bytes held of a body in one direction; reading waits until they are sent. A body that
/// fills them, while its receiver takes all it gets, may have a `large_capacity`.
inline constexpr std::size_t relay_window = 32 * 1024;

/// Sends `head`, then the body, one gathered send for each read. The client's
/// deadline bounds each wait: `body_stall` for the source, `send_stall` for the sink. A
/// source below its pace ends as one that breaks the rules, with `Fault::body_too_slow`.
net::Task<RelayEnd> relay_body(ClientConnection& client, RelaySource source, RelaySink sink,
                               std::string_view head, WireTimeouts timeouts);

}  // namespace weir::forwarding
