#pragma once
#include <openssl/ssl.h>

#include <optional>

#include "model/client_identity.h"

namespace weir::net {

/// Whom the peer's certificate names; nothing where it showed none. After the handshake,
/// which has verified it, resumed or not.
std::optional<ClientIdentity> peer_identity(const SSL* ssl);

/// Whether that certificate ran out since it was verified: resuming does not look again.
bool peer_certificate_expired(const SSL* ssl);

}  // namespace weir::net
