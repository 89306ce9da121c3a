#pragma once
#include "http/request_head.h"
#include "model/ip_address.h"
#include "model/plan.h"

namespace weir::http {

struct ClientAddress {
  IpAddress address;
  bool peer_trusted = false;  ///< the peer is one of `plan.trusted`
  bool from_field = false;    ///< `address` is of X-Forwarded-For, not the peer's own
};

/// Who sent the request. From a trusted peer: entry `client_from_right` (1 is the last)
/// of all X-Forwarded-For values joined in order, a port after it ignored. The peer itself
/// where it is not trusted, or that entry is missing or no address.
ClientAddress resolve_client(const RequestHead& head, const IpAddress& peer,
                             const ForwardedPlan& plan);

}  // namespace weir::http
