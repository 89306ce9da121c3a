#pragma once
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace weir::net {

/// OpenSSL's objects, each freed by its owner's end.
template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using SslPtr = std::unique_ptr<SSL, OpensslFree<&SSL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, OpensslFree<&SSL_CTX_free>>;
using SslSessionPtr = std::unique_ptr<SSL_SESSION, OpensslFree<&SSL_SESSION_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<&GENERAL_NAMES_free>>;
using BioPtr = std::unique_ptr<BIO, OpensslFree<&BIO_free_all>>;

}  // namespace weir::net
