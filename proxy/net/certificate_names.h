#pragma once
#include <openssl/x509.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::net {

/// The DNS names a certificate is for (subjectAltName), lower case; "*.example.com" among
/// them. Its subject's common name does not count (RFC 9525 §2).
std::vector<std::string> dns_names(const X509* certificate);

/// Which of several certificates is for a name: exact before wildcard, which stands for one
/// label; the first of two for the same name.
class CertificateNames {
 public:
  void add(const std::vector<std::string>& names, std::size_t certificate);
  std::optional<std::size_t> find(std::string_view server_name) const;

 private:
  std::unordered_map<std::string, std::size_t> exact_, wildcard_;  ///< wildcard: ".example.com"
};

}  // namespace weir::net
