#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "forwarding/client_connection.h"
#include "forwarding/forwarding_worker.h"
#include "forwarding/pool_connection.h"
#include "forwarding/retry_rules.h"
#include "forwarding/scratch.h"
#include "forwarding/tunnels.h"
#include "http/client_address.h"
#include "outcomes/outcome.h"

namespace weir::forwarding {

/// Counts an exchange as in flight to its pool and endpoint while it lives.
class InFlight {
 public:
  /// `pool`: entered; left at the end.
  InFlight(PoolLoad& pool, upstream::Connections& connections, EndpointId endpoint,
           upstream::PoolPlace place)
      : pool_(pool), use_(connections, endpoint, place) {}
  ~InFlight() { pool_.leave(); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  PoolLoad& pool_;
  upstream::EndpointUse use_;
};

/// One request on its way: where it goes, what was tried, how it ended. Lives in
/// the frame of `forward_request`.
struct Exchange {
  Exchange(ForwardingWorker& owner, ClientConnection& from, const routing::ServiceRoute& to);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  ForwardingWorker& worker;
  ClientConnection& client;
  const RoutesPtr routes;  ///< keeps `service` alive across every wait
  const routing::ServiceRoute& service;
  std::unique_ptr<Scratch> scratch;
  const WireTimeouts timeouts;
  const WireLimits limits;
  const Instant started;

  http::ClientAddress client_address;
  std::string_view request_id;   ///< as sent to the pool
  std::string_view traceparent;  ///< likewise
  std::uint64_t key = 0;         ///< hash of the client's key
  bool preview = false;
  Version version = Version::blue;     ///< that the current attempt goes to
  const Endpoint* endpoint = nullptr;  ///< of the current attempt
  std::optional<upstream::Connection> connection;
  std::optional<InFlight> in_flight;
  bool response_seen = false;     ///< at least one byte came back on this connection
  bool impatient = false;         ///< another try follows where this one takes too long
  bool body_streamed = false;     ///< bytes of the request's body left the buffer
  bool response_started = false;  ///< bytes of the final response went to the client
  bool keep_connection = false;   ///< the answer was read to its exact end, and nothing beyond
  bool keep_client = true;        ///< the client may send another request
  bool shielded = false;
  bool switched = false;     ///< the 101 went out: what follows is a tunnel
  bool websocket = false;    ///< … of WebSocket frames
  std::uint16_t status = 0;  ///< that the client got; 0: none
  outcomes::Ending ended = outcomes::Ending::client_aborted;  ///< with the version that served it
  std::chrono::nanoseconds latency{0};
  bool failed = false;  ///< by the version that served it last
  std::uint8_t attempts = 0;

  /// Responses have no bound on their bodies: they stream.
  WireLimits response_limits() const noexcept;
  bool on_canary() const noexcept;
  outcomes::Tally& tally() const noexcept;
  PoolPeer peer() const noexcept;  ///< of the current attempt
  /// Counts how the exchange with the current version ended.
  void record(outcomes::Ending ending, std::uint16_t status) noexcept;
  /// Closes the connection of the current attempt.
  void drop_connection() noexcept;
  /// Keeps it for the next exchange where `keep_connection` says so, else closes it.
  void release_connection();
};

}  // namespace weir::forwarding
