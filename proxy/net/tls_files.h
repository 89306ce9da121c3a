#pragma once
#include <openssl/ssl.h>

#include <string>

#include "model/tls_plan.h"
#include "net/tls_problem.h"

namespace weir::net {

/// Puts a certificate, its chain and its key into `context`. `path` is where the
/// configuration names them. False: `problems` says why.
bool use_certificate(SSL_CTX* context, const CertificateFiles& files, const std::string& path,
                     TlsProblems& problems);

/// Trusts the authorities in a PEM file, and, `names_too`, tells clients their names.
bool trust_authorities(SSL_CTX* context, const std::string& file, bool names_too,
                       const std::string& path, TlsProblems& problems);

/// What both sides agree on: versions, ciphers, groups, memory.
bool set_ground_rules(SSL_CTX* context, TlsVersion minimum, const std::string& ciphers);

}  // namespace weir::net
