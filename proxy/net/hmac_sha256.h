#pragma once
#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "net/openssl_handles.h"

namespace weir::net {

/// HMAC-SHA256 (RFC 2104) under one secret, which is worked in once and not kept. One thread.
class HmacSha256 {
 public:
  using Digest = std::array<unsigned char, 32>;

  explicit HmacSha256(std::string_view secret);
  /// Over the parts, one after the other. Nothing where OpenSSL refuses, as without memory.
  std::optional<Digest> of(std::initializer_list<std::string_view> parts) noexcept;

 private:
  std::unique_ptr<EVP_MAC_CTX, OpensslFree<&EVP_MAC_CTX_free>>
      state_;  ///< null: none was to be had
};

}  // namespace weir::net
