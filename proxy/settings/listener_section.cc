#include "settings/listener_section.h"

#include "settings/text_rules.h"

namespace weir::settings {
namespace {

void read_certificates(const Section& section, std::vector<CertificateFiles>& certificates) {
  for (const auto& each : section.children("certificates")) {
    auto& files = certificates.emplace_back();
    each.read_text("certificate", files.certificate, &parse_needed_file);
    each.read_text("key", files.key, &parse_needed_file);
  }
}

void read_tls(const Section& section, ListenerTls& tls) {
  using Clients = ListenerTls::ClientCertificates;
  read_certificates(section, tls.certificates);
  section.read_choice("client_certificates", tls.client_certificates);
  section.read_text("client_ca", tls.client_ca, &parse_file_name);
  section.read_choice("minimum", tls.minimum);
  section.read_text("ciphers", tls.ciphers, &parse_cipher_list);
  if (!section.sound()) return;
  const bool asked = tls.client_certificates != Clients::off;
  if (asked && tls.client_ca.empty()) {
    section.report("client_ca", "is missing; allowed: a file name where clients show certificates");
  }
  if (!asked && !tls.client_ca.empty()) {
    section.report("client_ca", "has no effect; allowed: only with client_certificates");
  }
  if (tls.minimum == TlsVersion::v1_3 && !tls.ciphers.empty()) {
    section.report("ciphers", "has no effect; allowed: only with minimum 1.2");
  }
}

void read_redirect(const Section& section, ListenerPlan& listener) {
  std::uint16_t port = 443;
  section.read("port", port);
  listener.redirect_to_https = port;
}

}  // namespace

bool read_listener(const Section& section, ListenerPlan& listener) {
  const bool addressed = section.read_text("address", listener.at, &parse_listen_address);
  if (section.has("tls")) read_tls(section.child("tls"), listener.tls.emplace());
  if (section.has("proxy_protocol")) {
    section.child("proxy_protocol").read_list("from", listener.proxy_protocol_from, &parse_block);
  }
  if (!section.has("redirect_to_https")) return addressed;
  read_redirect(section.child("redirect_to_https"), listener);
  if (listener.tls) {
    section.report("redirect_to_https", "makes no sense beside tls; allowed: one of the two");
  }
  return addressed;
}

}  // namespace weir::settings
