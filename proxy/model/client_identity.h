#pragma once
#include <string>

namespace weir {

/// Who a client proved to be by its certificate. All visible ASCII: what is not is escaped.
struct ClientIdentity {
  std::string subject;      ///< distinguished name (RFC 2253): CN=ann,O=Example
  std::string san;          ///< DNS:a.example, URI:spiffe://a/b, email:a@b, IP:10.0.0.1
  std::string fingerprint;  ///< SHA-256 of the certificate, 64 lower-case hex digits
};

}  // namespace weir
