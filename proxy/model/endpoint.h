#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/ip_address.h"

namespace weir {

/// As configured: "10.0.0.1:8000", "[2001:db8::1]:80" or "blue.svc:80" (all its addresses).
struct EndpointName {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const EndpointName&) const = default;
};

/// Names one resolved endpoint of one pool for as long as the process runs; never reused.
using EndpointId = std::uint64_t;

enum class EndpointHealth : std::uint8_t { unknown, healthy, unhealthy, ejected };

/// One address to connect to.
struct Endpoint {
  EndpointId id = 0;
  IpAddress address;
  std::uint16_t port = 0;
  EndpointHealth health = EndpointHealth::unknown;
  std::string name{};  ///< as configured: a DNS name or the address itself

  /// unknown counts as usable: a pool is not down before its first check.
  bool usable() const noexcept {
    return health == EndpointHealth::unknown || health == EndpointHealth::healthy;
  }
  bool operator==(const Endpoint&) const = default;
};

/// What a pool looks like right now. Immutable once published.
struct PoolView {
  std::vector<Endpoint> endpoints;        ///< all, in configuration order
  std::vector<std::uint32_t> candidates;  ///< indices a request may go to (see `panic`)
  std::uint32_t healthy = 0;              ///< endpoints that are usable
  /// Too few are usable: candidates are all endpoints, never those of the other colour.
  bool panic = false;
};

using PoolViewPtr = std::shared_ptr<const PoolView>;

}  // namespace weir
