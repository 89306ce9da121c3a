#pragma once
#include "forwarding/exchange.h"

namespace weir::forwarding {

/// Sends a body that is still arriving, and relays the answer as soon as it comes,
/// even before the body has ended. The request head must have been sent. Nothing
/// streamed is ever sent again. Where the answer has begun, the exchange is
/// recorded and its connection dealt with; otherwise the caller answers.
net::Task<Attempt> stream_request(Exchange& exchange);

}  // namespace weir::forwarding
