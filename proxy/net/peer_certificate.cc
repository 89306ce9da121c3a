#include "net/peer_certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <string>
#include <string_view>

#include "model/ip_address.h"
#include "net/openssl_handles.h"

namespace weir::net {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_hex(unsigned char octet, std::string& out) {
  out.push_back(hex_digits[octet >> 4]);
  out.push_back(hex_digits[octet & 0xf]);
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// A name may hold what would end the field or begin the next name.
void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    const bool plain = c > ' ' && c < 0x7f && c != ',' && c != '%' && c != '"' && c != '\\';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      append_hex(static_cast<unsigned char>(c), out);
    }
  }
}

std::string address_text(std::string_view bytes) {
  IpAddress address;
  if (bytes.size() == 16) {
    for (std::size_t i = 0; i < 16; ++i) address.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
    return address.text();
  }
  if (bytes.size() != 4) return {};
  address.bytes[10] = address.bytes[11] = 0xff;
  for (std::size_t i = 0; i < 4; ++i) address.bytes[12 + i] = static_cast<std::uint8_t>(bytes[i]);
  return address.text();
}

void append_name(const GENERAL_NAME* name, std::string& out) {
  const auto append = [&out](std::string_view kind, std::string_view value) {
    if (!out.empty()) out.append(", ");
    append_escaped(value, out.append(kind));
  };
  if (name->type == GEN_DNS) append("DNS:", bytes_of(name->d.dNSName));
  if (name->type == GEN_URI) append("URI:", bytes_of(name->d.uniformResourceIdentifier));
  if (name->type == GEN_EMAIL) append("email:", bytes_of(name->d.rfc822Name));
  if (name->type == GEN_IPADD) append("IP:", address_text(bytes_of(name->d.iPAddress)));
}

std::string names_of(const X509* certificate) {
  std::string names;
  const GeneralNamesPtr found(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; found && i < sk_GENERAL_NAME_num(found.get()); ++i) {
    append_name(sk_GENERAL_NAME_value(found.get(), i), names);
  }
  return names;
}

std::string subject_of(const X509* certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  // RFC 2253 escapes control characters and what is not ASCII.
  if (!memory || X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0,
                                    XN_FLAG_RFC2253) < 0) {
    return {};
  }
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  std::string text;
  for (unsigned int i = 0; i < size; ++i) append_hex(digest[i], text);
  return text;
}

}  // namespace

std::optional<ClientIdentity> peer_identity(const SSL* ssl) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return std::nullopt;
  return ClientIdentity{subject_of(certificate), names_of(certificate),
                        fingerprint_of(certificate)};
}

bool peer_certificate_expired(const SSL* ssl) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  return certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

}  // namespace weir::net
