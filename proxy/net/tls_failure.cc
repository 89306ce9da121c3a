#include "net/tls_failure.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace weir::net {
namespace {

constexpr std::array<std::string_view, tls_failure_count> names{"none",
                                                                "timeout",
                                                                "closed",
                                                                "not_tls",
                                                                "version",
                                                                "cipher",
                                                                "protocol",
                                                                "certificate_missing",
                                                                "certificate_untrusted",
                                                                "certificate_expired",
                                                                "certificate_name",
                                                                "refused",
                                                                "other"};

TlsFailure verification_failure(const SSL* ssl) noexcept {
  switch (SSL_get_verify_result(ssl)) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return TlsFailure::certificate_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TlsFailure::certificate_name;
    default:
      return TlsFailure::certificate_untrusted;
  }
}

TlsFailure failure_of_reason(int reason, const SSL* ssl) noexcept {
  switch (reason) {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return TlsFailure::closed;
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_RECORD_TOO_SMALL:
      return TlsFailure::not_tls;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return TlsFailure::version;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
      return TlsFailure::cipher;
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return TlsFailure::protocol;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return TlsFailure::certificate_missing;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return verification_failure(ssl);
    default:
      return reason > SSL_AD_REASON_OFFSET ? TlsFailure::refused : TlsFailure::other;
  }
}

}  // namespace

std::string_view name_of(TlsFailure failure) noexcept {
  return names[static_cast<std::size_t>(failure)];
}

TlsFailure failure_of(const SSL* ssl) noexcept {
  const auto error = ERR_peek_error();
  if (error == 0 || ERR_SYSTEM_ERROR(error)) return TlsFailure::closed;
  return failure_of_reason(ERR_GET_REASON(error), ssl);
}

std::string failure_text(const SSL* ssl) {
  const auto error = ERR_peek_error();
  if (error == 0) return {};
  const char* reason = ERR_reason_error_string(error);
  std::string text = reason != nullptr ? reason : "unknown error";
  if (ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    text.append(": ").append(X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
  }
  return text;
}

}  // namespace weir::net
