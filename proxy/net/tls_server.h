#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/instant.h"
#include "model/tls_plan.h"
#include "net/certificate_names.h"
#include "net/openssl_handles.h"
#include "net/ticket_keys.h"
#include "net/tls_problem.h"

namespace weir::net {

/// One certificate in force.
struct CertificateStatus {
  std::string name;  ///< its first DNS name; empty: none
  std::int64_t expires_unix_s = 0;
};

/// One listener's side of TLS: certificates, rules, and who may come. Immutable; every
/// worker's handshakes use it. Whoever has a connection of it holds it.
class TlsServer {
 public:
  /// What all listeners share.
  struct Sessions {
    std::shared_ptr<TicketKeys> keys;
    Milliseconds lifetime{3'600'000};  ///< can be resumed for that long
  };

  /// Null where a file will not do; `path` (listen[1].tls) begins the problems' own.
  static std::shared_ptr<const TlsServer> load(const ListenerTls& plan, const std::string& path,
                                               const Sessions& sessions, TlsProblems& problems);

  /// A connection that waits for its client's hello; null only out of memory.
  SslPtr open() const;
  /// Clients may be known by their certificates.
  bool asks_clients() const noexcept { return asks_clients_; }
  const std::vector<CertificateStatus>& certificates() const noexcept { return status_; }

 private:
  TlsServer() = default;
  SslContextPtr make_context(const ListenerTls& plan, std::size_t certificate,
                             const std::string& path, TlsProblems& problems);
  bool set_clients(SSL_CTX* context, const ListenerTls& plan, const std::string& path,
                   TlsProblems& problems);
  static int choose_certificate(SSL* ssl, int* alert, void* self);

  std::shared_ptr<TicketKeys> keys_;
  Milliseconds lifetime_{0};
  std::vector<SslContextPtr> contexts_;  ///< by certificate
  std::vector<CertificateStatus> status_;
  CertificateNames names_;
  bool asks_clients_ = false;
};

}  // namespace weir::net
