#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace weir {

/// Files in PEM: a certificate with its chain after it, and its key.
struct CertificateFiles {
  std::string certificate, key;
};

enum class TlsVersion : std::uint8_t { v1_2, v1_3 };

/// TLS towards clients, on one listener.
struct ListenerTls {
  enum class ClientCertificates : std::uint8_t { off, optional, required };

  std::vector<CertificateFiles> certificates;  ///< chosen by SNI; the first where none fits
  ClientCertificates client_certificates = ClientCertificates::off;
  std::string client_ca;  ///< authorities of client certificates
  TlsVersion minimum = TlsVersion::v1_2;
  std::string ciphers;  ///< of TLS 1.2, as OpenSSL names them; empty: Weir's own list
};

/// TLS towards the endpoints of one pool.
struct PoolTls {
  std::string ca_file;           ///< empty: the system's authorities
  std::string server_name;       ///< of SNI and of the certificate; empty: the endpoint's own name
  std::string certificate, key;  ///< shown where the endpoint asks; empty: none
  bool verify = true;

  bool operator==(const PoolTls&) const = default;
};

}  // namespace weir
