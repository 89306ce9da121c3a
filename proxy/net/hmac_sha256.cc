#include "net/hmac_sha256.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <string>

namespace weir::net {
namespace {

const unsigned char* octets_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

HmacSha256::HmacSha256(std::string_view secret) {
  const std::unique_ptr<EVP_MAC, OpensslFree<&EVP_MAC_free>> hmac(
      EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  state_.reset(EVP_MAC_CTX_new(hmac.get()));
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end()};
  if (!state_ ||
      EVP_MAC_init(state_.get(), octets_of(secret), secret.size(), parameters.data()) != 1) {
    state_.reset();
  }
}

std::optional<HmacSha256::Digest> HmacSha256::of(
    std::initializer_list<std::string_view> parts) noexcept {
  // Without a key: from where the last one left the state.
  if (!state_ || EVP_MAC_init(state_.get(), nullptr, 0, nullptr) != 1) return std::nullopt;
  for (const auto part : parts) {
    if (EVP_MAC_update(state_.get(), octets_of(part), part.size()) != 1) return std::nullopt;
  }
  Digest digest{};
  std::size_t size = 0;
  if (EVP_MAC_final(state_.get(), digest.data(), &size, digest.size()) != 1) return std::nullopt;
  return digest;
}

}  // namespace weir::net
