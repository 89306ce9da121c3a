#pragma once
#include <optional>
#include <string>
#include <variant>

#include "admin/message.h"
#include "admin/routes.h"
#include "admin/token_file.h"
#include "model/ip_address.h"
#include "model/plan.h"

namespace weir::admin {

/// 127.0.0.0/8 and ::1.
bool is_loopback(const IpAddress& address) noexcept;

/// Who may use the API.
///
/// - With a token file: everything under /v1 and the API document ask for one of its
///   tokens. Without: peers on loopback alone, and only under a Host that is an address
///   or localhost, so that no web page reaches the API through a name of its own.
/// - /healthz and /readyz answer everybody: the kubelet and load balancers ask them.
///   /metrics asks for no token either: scrapers in a cluster (Google's managed
///   collection, the Prometheus operator) find pods and ask them without credentials.
///   It names services and counts, nothing else. A network policy narrows it further;
///   without a token file it too answers loopback alone.
/// - A POST whose Origin is not the server's own is refused, whoever sends it.
class Access {
 public:
  /// Throws `TokenError`: an empty or unreadable token file.
  Access(const AdminPlan& plan, Instant now);

  /// Takes over another token file, or none. Throws `TokenError`; nothing changed then.
  void reconfigure(const AdminPlan& plan, Instant now);

  /// The caller's name for the audit log: "10.0.0.7", "10.0.0.7 token 1a2b3c4d". Or 401
  /// or 403.
  std::variant<std::string, Problem> admit(const RequestHead& head, const IpAddress& peer,
                                           const Route& route, Instant now);

 private:
  std::optional<TokenFile> tokens_;
};

}  // namespace weir::admin
