#include "rollout_loop/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <span>

#include "rollout_loop/hex.h"

namespace weir::rollout_loop {

std::string signature_of(std::string_view secret, std::int64_t unix_seconds,
                         std::string_view body) {
  const auto time = std::to_string(unix_seconds);
  const auto text = (time + '.').append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return "t=" + time + ",v1=" + hex_of(std::span(digest).first(size));
}

}  // namespace weir::rollout_loop
