#include "forwarding/entrance.h"

#include "forwarding/forwarding_worker.h"

namespace weir::forwarding {

void Door::accepted(net::Socket socket) { worker_.accepted(std::move(socket), entrance_); }

}  // namespace weir::forwarding
