#pragma once
#include "forwarding/exchange.h"

namespace weir::forwarding {

/// After the answer to a request of a service that mirrors: has a copy of it sent to canary
/// where it may be (`may_be_copied`) and is drawn. Never waits; what becomes of the copy is
/// counted in `ServiceTally::mirror` and nowhere else.
void mirror(Exchange& exchange);

}  // namespace weir::forwarding
