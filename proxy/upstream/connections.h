#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include "model/endpoint.h"
#include "model/instant.h"
#include "model/version.h"
#include "net/stream.h"
#include "net/tls_client.h"

namespace weir::upstream {

/// An open connection to an endpoint, idle or in use by one exchange.
struct Connection {
  net::Stream socket;
  bool reused = false;  ///< carried an exchange before
};

/// Whose endpoint it is.
struct PoolPlace {
  std::size_t service = 0;  ///< `ServiceRoute::index`
  Version version = Version::blue;
};

/// What one worker knows of one endpoint.
struct EndpointConnections {
  struct Idle {
    net::Stream socket;
    Instant since;
  };
  std::vector<Idle> idle;  ///< oldest first; the newest is used first
  PoolPlace pool;
  std::uint32_t in_flight = 0;
  std::uint32_t consecutive_failures = 0;
  /// What the next TLS connection may go on from, and the rules it was made under: resuming
  /// checks no certificate, so other rules begin anew.
  net::SslSessionPtr session{};
  std::shared_ptr<const net::TlsClient> session_rules{};
};

/// The idle connections and the load of every endpoint, of one worker. No locks:
/// touched on the worker's thread only.
class Connections {
 public:
  explicit Connections(std::uint64_t seed) : random_(seed) {}

  /// The less loaded of two random candidates (Mitzenmacher, 2001), not `avoided`
  /// where another is left; a second try prefers an endpoint that is usable, and one that
  /// has not failed last.
  /// Null where the pool has no candidate.
  const Endpoint* choose(const PoolView& pool, EndpointId avoided);

  /// The youngest idle connection that is not older than `limit`.
  std::optional<Connection> take_idle(EndpointId endpoint, Milliseconds limit, Instant now);
  /// Keeps a connection whose last exchange was read to its exact end. Closes it, and
  /// says false, where `max_idle` are kept already.
  bool keep(EndpointId endpoint, net::Stream socket, std::uint32_t max_idle, Instant now);
  /// Closes connections idle for longer than `limit_of` their endpoint; one without a limit
  /// is in no pool any more: all are closed and it is forgotten. Asks for those it knows
  /// only: a worker must not be held up by a hundred thousand others.
  using LimitOf = std::function<std::optional<Milliseconds>(PoolPlace pool, EndpointId endpoint)>;
  void sweep(const LimitOf& limit_of, Instant now);

  EndpointConnections& of(EndpointId endpoint) { return endpoints_[endpoint]; }
  std::uint64_t random() { return random_(); }
  std::size_t idle_count() const noexcept;

 private:
  std::uint32_t load(EndpointId endpoint) const;
  bool has_just_failed(EndpointId endpoint) const;
  const Endpoint* usable_besides(const PoolView& pool, EndpointId avoided);

  std::unordered_map<EndpointId, EndpointConnections> endpoints_;
  std::mt19937_64 random_;
};

/// Counts an exchange as in flight to an endpoint for as long as it lives.
class EndpointUse {
 public:
  EndpointUse(Connections& connections, EndpointId endpoint, PoolPlace pool)
      : load_(connections.of(endpoint)) {
    load_.pool = pool;
    ++load_.in_flight;
  }
  ~EndpointUse() { --load_.in_flight; }
  EndpointUse(const EndpointUse&) = delete;
  EndpointUse& operator=(const EndpointUse&) = delete;

 private:
  EndpointConnections& load_;
};

}  // namespace weir::upstream
