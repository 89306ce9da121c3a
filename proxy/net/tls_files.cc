#include "net/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weir::net {
namespace {

// Mozilla's "intermediate" list of TLS 1.2 (version 5.7) but for its DHE ciphers, which no
// client of these years needs and which cost a server dearly (D(HE)at, CVE-2002-20001).
constexpr const char* modern_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* modern_groups = "X25519:P-256:P-384";

/// A key under a pass phrase is an error, not a question on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

/// False with a reason where the file is missing, no file, or not ours to read.
bool readable(const std::string& file, const std::string& path, TlsProblems& problems) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    problems.push_back({path, "cannot read " + file + ": it is a folder"});
    return false;
  }
  errno = 0;
  if (std::ifstream(file, std::ios::binary)) return true;
  problems.push_back({path, "cannot read " + file + ": " + std::strerror(errno)});
  return false;
}

bool refuse(const std::string& path, const std::string& what, TlsProblems& problems) {
  const auto reason = take_openssl_error();
  problems.push_back({path, reason.empty() ? what : what + ": " + reason});
  return false;
}

}  // namespace

std::string take_openssl_error() {
  const auto error = ERR_get_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  ERR_clear_error();
  return reason == nullptr ? "" : reason;
}

bool use_certificate(SSL_CTX* context, const CertificateFiles& files, const std::string& path,
                     TlsProblems& problems) {
  const auto certificate_path = path + ".certificate", key_path = path + ".key";
  const bool certificate_there = readable(files.certificate, certificate_path, problems);
  if (!readable(files.key, key_path, problems) || !certificate_there) return false;
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb(context, &no_pass_phrase);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return refuse(certificate_path, files.certificate + " holds no usable certificate", problems);
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refuse(key_path, files.key + " holds no usable key of this certificate", problems);
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return refuse(key_path, files.key + " is not the key of this certificate", problems);
  }
  return true;
}

bool trust_authorities(SSL_CTX* context, const std::string& file, bool names_too,
                       const std::string& path, TlsProblems& problems) {
  if (!readable(file, path, problems)) return false;
  ERR_clear_error();
  if (SSL_CTX_load_verify_file(context, file.c_str()) != 1) {
    return refuse(path, file + " holds no usable certificates", problems);
  }
  if (!names_too) return true;
  auto* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr) return refuse(path, file + " holds no usable certificates", problems);
  SSL_CTX_set_client_CA_list(context, names);
  return true;
}

bool set_ground_rules(SSL_CTX* context, TlsVersion minimum, const std::string& ciphers) {
  constexpr long longest_chain_bytes = 32 * 1024;
  constexpr int deepest_chain = 5;
  SSL_CTX_set_min_proto_version(context,
                                minimum == TlsVersion::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // a record takes one read of the socket, not two
  SSL_CTX_set_max_cert_list(context, longest_chain_bytes);
  SSL_CTX_set_verify_depth(context, deepest_chain);
  return SSL_CTX_set1_groups_list(context, modern_groups) == 1 &&
         SSL_CTX_set_cipher_list(context, ciphers.empty() ? modern_ciphers : ciphers.c_str()) == 1;
}

}  // namespace weir::net
