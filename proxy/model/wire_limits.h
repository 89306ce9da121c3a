#pragma once
#include <cstdint>

#include "model/instant.h"

namespace weir {

/// What one message or connection may cost. Exceeding one is answered as named
/// (RFC 9110 §15.5, RFC 6585 §5) and the connection closes.
struct WireLimits {
  std::uint32_t head_bytes = 60 * 1024;         ///< whole head; 431. 1 KiB–1 MiB
  std::uint32_t fields = 100;                   ///< field lines; 431. 1–1000
  std::uint32_t target_bytes = 8 * 1024;        ///< request target; 414. 16–64 KiB
  std::uint32_t chunk_line_bytes = 8 * 1024;    ///< size and extensions of a chunk; 400
  std::uint32_t trailer_bytes = 8 * 1024;       ///< trailer section; 400
  std::uint64_t body_bytes = 0;                 ///< request body; 413. 0: no limit
  std::uint32_t connections = 10'000;           ///< client connections in all; refused beyond
  std::uint32_t connections_per_address = 0;    ///< of one client; trusted peers aside. 0: no limit
  std::uint32_t requests_per_pool = 1024;       ///< in flight per pool and worker; beyond they wait
  std::uint32_t queue_per_pool = 0;             ///< waiting per pool and worker; 503 beyond
  std::uint32_t tunnels = 5'000;                ///< in all, asked for or open; 503 beyond
  std::uint32_t interim_responses = 16;         ///< of one attempt, 101 not counted; 502 beyond
  std::uint32_t proxy_header_bytes = 4 * 1024;  ///< PROXY protocol header; closed beyond
  /// Bytes a second of a request's body, over `WireTimeouts::rate_window` of waiting for it;
  /// 408 below. 0: no bound.
  std::uint32_t upload_rate = 100;
};

/// Deadlines. Each is checked to a tenth of a second.
struct WireTimeouts {
  Milliseconds head{10'000};         ///< first byte of a head to its last; 408
  Milliseconds body_stall{30'000};   ///< no byte of a body received
  Milliseconds send_stall{30'000};   ///< no byte accepted by the peer
  Milliseconds keep_alive{650'000};  ///< idle between requests; above Google's fixed 600 s
  Milliseconds response{25'000};     ///< last request byte to final response head; 504
  /// The same for a try that another may follow; 0: all have `response`, which bounds it.
  Milliseconds per_try{0};
  Milliseconds rate_window{60'000};  ///< waiting for a body until its rate is judged
  Milliseconds queue{1'000};         ///< waiting for room in a pool; then 503
  /// No byte through a tunnel, either way; no byte of an event stream, in place of
  /// `body_stall`.
  Milliseconds tunnel_idle{3'600'000};
  Milliseconds connect{1'000};  ///< to an endpoint, TLS included

  Milliseconds handshake{10'000};       ///< TLS with a client; then closed
  Milliseconds tls_session{3'600'000};  ///< one may be resumed; the keys of tickets change as often
};

}  // namespace weir
