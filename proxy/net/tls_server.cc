#include "net/tls_server.h"

#include <openssl/asn1.h>
#include <openssl/sha.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

#include "net/tls_files.h"

namespace weir::net {
namespace {

using Clients = ListenerTls::ClientCertificates;

/// What Weir speaks, best first, as ALPN writes it. "h2" will stand before it.
constexpr std::string_view spoken = "\x08http/1.1";

/// RFC 7301 §3.2: a client that names protocols must find one of ours among them.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(spoken.data());
  if (SSL_select_next_proto(&found, chosen_size, ours, static_cast<unsigned>(spoken.size()),
                            offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// A session goes on only where the same clients are let in: resuming checks no certificate.
std::array<unsigned char, SHA256_DIGEST_LENGTH> rules_digest(const ListenerTls& plan) {
  std::string rules = "weir " + std::to_string(static_cast<int>(plan.client_certificates));
  if (plan.client_certificates != Clients::off) {
    std::ifstream file(plan.client_ca, std::ios::binary);
    rules.append(std::istreambuf_iterator<char>(file), {});
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(rules.data()), rules.size(), digest.data());
  return digest;
}

std::int64_t unix_seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return ::timegm(&parts);
}

CertificateStatus status_of(const X509* certificate) {
  const auto names = dns_names(certificate);
  return {names.empty() ? "" : names.front(), unix_seconds(X509_get0_notAfter(certificate))};
}

}  // namespace

std::shared_ptr<const TlsServer> TlsServer::load(const ListenerTls& plan, const std::string& path,
                                                 const Sessions& sessions, TlsProblems& problems) {
  const auto before = problems.size();
  std::shared_ptr<TlsServer> server(new TlsServer);
  server->keys_ = sessions.keys;
  server->lifetime_ = sessions.lifetime;
  server->asks_clients_ = plan.client_certificates != Clients::off;
  for (std::size_t i = 0; i < plan.certificates.size(); ++i) {
    auto context = server->make_context(plan, i, path, problems);
    if (!context) continue;
    const auto* certificate = SSL_CTX_get0_certificate(context.get());
    server->names_.add(dns_names(certificate), server->contexts_.size());
    server->status_.push_back(status_of(certificate));
    server->contexts_.push_back(std::move(context));
  }
  if (problems.size() != before || server->contexts_.empty()) return nullptr;
  return server;
}

SslContextPtr TlsServer::make_context(const ListenerTls& plan, std::size_t certificate,
                                      const std::string& path, TlsProblems& problems) {
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context || !set_ground_rules(context.get(), plan.minimum, plan.ciphers)) {
    if (certificate == 0) {  // the others would say the same
      problems.push_back(
          {path + ".ciphers", "OpenSSL knows no such list: " + take_openssl_error()});
    }
    return nullptr;
  }
  const auto place = path + ".certificates[" + std::to_string(certificate) + "]";
  if (!use_certificate(context.get(), plan.certificates[certificate], place, problems)) {
    return nullptr;
  }
  if (!set_clients(context.get(), plan, certificate == 0 ? path : "", problems)) return nullptr;
  keys_->use_in(context.get());
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets say it all
  SSL_CTX_set_timeout(context.get(), lifetime_.count() / 1000);
  SSL_CTX_set_alpn_select_cb(context.get(), &choose_protocol, nullptr);
  SSL_CTX_set_tlsext_servername_callback(context.get(), &TlsServer::choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(context.get(), this);
  return context;
}

bool TlsServer::set_clients(SSL_CTX* context, const ListenerTls& plan, const std::string& path,
                            TlsProblems& problems) {
  const auto rules = rules_digest(plan);
  SSL_CTX_set_session_id_context(context, rules.data(), static_cast<unsigned>(rules.size()));
  if (!asks_clients_) return true;
  const bool required = plan.client_certificates == Clients::required;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                     nullptr);
  TlsProblems ignored;  // every certificate's context meets the same ones
  return trust_authorities(context, plan.client_ca, true, path + ".client_ca",
                           path.empty() ? ignored : problems);
}

SslPtr TlsServer::open() const {
  SslPtr ssl(SSL_new(contexts_.front().get()));
  if (ssl) SSL_set_accept_state(ssl.get());
  return ssl;
}

int TlsServer::choose_certificate(SSL* ssl, int*, void* self) {
  const auto& server = *static_cast<const TlsServer*>(self);
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  const auto found = server.names_.find(name);
  if (!found) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_SSL_CTX(ssl, server.contexts_[*found].get());
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace weir::net
