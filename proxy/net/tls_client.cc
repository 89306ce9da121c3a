#include "net/tls_client.h"

#include <openssl/x509v3.h>

#include "model/ip_address.h"
#include "net/tls_files.h"

namespace weir::net {
namespace {

/// SNI carries DNS names only (RFC 6066 §3); an address is looked for among the
/// certificate's addresses.
bool expect_name(SSL* ssl, const std::string& name, bool verify) {
  if (IpAddress::parse(name)) {
    return !verify || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  }
  if (SSL_set_tlsext_host_name(ssl, name.c_str()) != 1) return false;
  if (!verify) return true;
  SSL_set_hostflags(ssl,
                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return SSL_set1_host(ssl, name.c_str()) == 1;
}

}  // namespace

std::shared_ptr<const TlsClient> TlsClient::load(const PoolTls& plan, const std::string& path,
                                                 TlsProblems& problems) {
  std::shared_ptr<TlsClient> client(new TlsClient(plan));
  return client->prepare(path, problems) ? client : nullptr;
}

bool TlsClient::prepare(const std::string& path, TlsProblems& problems) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  constexpr unsigned char spoken[] = "\x08http/1.1";
  if (!context_ || !set_ground_rules(context_.get(), TlsVersion::v1_2, {}) ||
      SSL_CTX_set_alpn_protos(context_.get(), spoken, sizeof(spoken) - 1) != 0) {
    problems.push_back({path, "OpenSSL: " + take_openssl_error()});
    return false;
  }
  SSL_CTX_set_session_cache_mode(context_.get(),
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  if (!trust(path, problems)) return false;
  return plan_.certificate.empty() ||
         use_certificate(context_.get(), {plan_.certificate, plan_.key}, path, problems);
}

bool TlsClient::trust(const std::string& path, TlsProblems& problems) {
  if (!plan_.verify) return true;
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  if (!plan_.ca_file.empty()) {
    return trust_authorities(context_.get(), plan_.ca_file, false, path + ".ca_file", problems);
  }
  if (SSL_CTX_set_default_verify_paths(context_.get()) == 1) return true;
  problems.push_back(
      {path + ".ca_file", "the system's authorities cannot be read: " + take_openssl_error()});
  return false;
}

SslPtr TlsClient::open(const std::string& endpoint_name, SSL_SESSION* session) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) return nullptr;
  const auto& name = plan_.server_name.empty() ? endpoint_name : plan_.server_name;
  if (!expect_name(ssl.get(), name, plan_.verify)) return nullptr;
  if (session != nullptr) SSL_set_session(ssl.get(), session);
  SSL_set_connect_state(ssl.get());
  return ssl;
}

}  // namespace weir::net
