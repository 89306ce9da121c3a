#pragma once
#include <memory>
#include <string>

#include "model/tls_plan.h"
#include "net/openssl_handles.h"
#include "net/tls_problem.h"

namespace weir::net {

/// Weir's side of TLS towards one pool. Immutable; every worker and the health checks use it.
class TlsClient {
 public:
  /// Null where a file will not do; `path` (services[0].pools.blue.tls) begins the
  /// problems' own.
  static std::shared_ptr<const TlsClient> load(const PoolTls& plan, const std::string& path,
                                               TlsProblems& problems);

  /// A connection that has yet to say hello. `endpoint_name`: as configured, a DNS name or
  /// an address; stands in for a `server_name` that is not set. `session`: to resume by, or
  /// null. Null where the name cannot be used.
  SslPtr open(const std::string& endpoint_name, SSL_SESSION* session) const;
  /// Whether that connection came from here, and so keeps these rules.
  bool made(const SSL* ssl) const noexcept { return SSL_get_SSL_CTX(ssl) == context_.get(); }

 private:
  explicit TlsClient(const PoolTls& plan) : plan_(plan) {}
  bool prepare(const std::string& path, TlsProblems& problems);
  bool trust(const std::string& path, TlsProblems& problems);

  const PoolTls plan_;
  SslContextPtr context_;
};

}  // namespace weir::net
