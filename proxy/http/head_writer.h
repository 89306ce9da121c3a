#pragma once
#include <string>
#include <string_view>

#include "http/request_head.h"
#include "http/response_head.h"
#include "http/trace_context.h"
#include "model/client_identity.h"

namespace weir::http {

/// What the proxy knows of a request and tells the pool.
struct ForwardedFacts {
  std::string_view client_text{};  ///< the client's address, as resolved
  std::string_view peer_text{};    ///< address of who is connected
  bool peer_trusted = false;       ///< its X-Forwarded-* count
  std::string_view scheme = "http";
  std::string_view request_id{};   ///< used where the client sent no valid one; empty: none
  std::string_view traceparent{};  ///< likewise
  std::string_view default_host = "localhost";  ///< where an HTTP/1.0 request names none
  bool upgrade = false;                         ///< pass the client's wish to switch protocols on
  bool client_asked = false;                    ///< for a certificate, by the listener
  const ClientIdentity* client = nullptr;       ///< of the certificate it showed; null: none
};

/// Writes the head that goes to the pool; replaces `out`, which keeps its capacity.
///
/// First everything hop-by-hop goes: Connection, the fields it nominates, Keep-Alive,
/// Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade, HTTP2-Settings (RFC 9110
/// §7.6.1). Proxy-Authorization is end-to-end here, for Weir asks for none. A nomination
/// counts only for fields Weir has no name for (see `KnownField`): nobody can talk Host,
/// Content-Length, Authorization, Cookie, Via or an address away. Aliases of known
/// fields (`X_Forwarded_For`) and Forwarded go too. Then ours are added:
/// one Host, Via, X-Forwarded-For (trusted peer: its list and itself; else the client
/// alone), X-Forwarded-Proto and -Host (trusted peer: one valid value; else ours),
/// X-Request-Id, traceparent, Max-Forwards counted down, Expect where a body is awaited, and
/// the framing. Other
/// X-Forwarded-* and X-Real-IP pass from a trusted peer only; tracestate with its traceparent.
/// Client-Cert, Client-Cert-Chain and X-Client-Cert-* pass from nobody: where clients are asked
/// for certificates, ours say X-Client-Cert-Verified (true or false), and then -Subject, -SAN
/// and -Fingerprint. Nor does X-Weir-Mirrored: see `copy_of_head`.
void write_request_head(const RequestHead& head, const ForwardedFacts& facts, std::string& out);

/// "https" or "http", as the pool is told: a trusted peer's word, else the connection's `scheme`.
std::string_view forwarded_scheme(const RequestHead& head, bool peer_trusted,
                                  std::string_view scheme) noexcept;

/// `written`, by `write_request_head`, for the copy of a request: says X-Weir-Mirrored: 1.
std::string copy_of_head(std::string_view written);

/// What the proxy adds to a response.
struct ResponseFacts {
  bool close = false;  ///< the client's connection ends with this response
  bool client_http10 = false;
  std::string_view version_name{};  ///< value of X-Weir-Version; empty: none
  std::string_view set_cookie{};    ///< value of one more Set-Cookie; empty: none
};

/// How the body goes out: as it came, or chunked where its length is unknown, or ended
/// by the close where the client speaks HTTP/1.0.
Body outgoing_framing(Body incoming, bool client_http10) noexcept;

/// Writes the head that goes to the client, final or interim; replaces `out`. Strips as
/// above, adds Via, the framing, Connection (close; keep-alive to HTTP/1.0; upgrade with
/// a 101) and the facts. `until_close` always says close. Interim heads carry neither facts
/// nor Connection.
void write_response_head(const ResponseHead& head, Body outgoing, const ResponseFacts& facts,
                         std::string& out);

}  // namespace weir::http
