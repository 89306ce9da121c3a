#pragma once
#include "forwarding/exchange.h"

namespace weir::forwarding {

/// Decides who the client is and which version serves it: preview first, then the
/// split by the configured key. Issues a key where the client has none. Fills
/// `client_address`, `preview`, `version`, `scratch->issued_key` and `set_cookie`.
void choose_version(Exchange& exchange);

/// Writes the head for the pool into `scratch->request_out`.
void write_request_out(Exchange& exchange);

}  // namespace weir::forwarding
