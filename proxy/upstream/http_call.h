#pragma once
#include <memory>
#include <string>

#include "model/http_target.h"
#include "model/instant.h"
#include "net/task.h"
#include "net/tls_client.h"

namespace weir::upstream {

/// One request to somebody else's server, on a connection of its own.
struct HttpCall {
  HttpTarget target;
  std::shared_ptr<const net::TlsClient> tls;  ///< of a secured target; null: cannot be had, fails
  std::string fields;  ///< lines of the head, each ended by CR LF, beyond Host and the framing
  std::string body;
  Milliseconds limit;  ///< for all of it, from the look-up of the name to the whole response
};

struct HttpOutcome {
  unsigned status = 0;  ///< 0: there was no response
  std::string body;     ///< up to 64 KiB
  /// Why there was none, for people: "connect: Connection refused", "TLS: certificate has
  /// expired", "timed out after 5000 ms". Never what was sent, nor where to.
  std::string failure;
};

/// POSTs. Never longer than `limit`, also where the resolver hangs.
net::Task<HttpOutcome> post(HttpCall call);

}  // namespace weir::upstream
