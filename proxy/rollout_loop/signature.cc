#include "rollout_loop/signature.h"

#include "net/hmac_sha256.h"
#include "rollout_loop/hex.h"

namespace weir::rollout_loop {

std::string signature_of(std::string_view secret, std::int64_t unix_seconds,
                         std::string_view body) {
  const auto time = std::to_string(unix_seconds);
  const auto digest = net::HmacSha256(secret).of({time, ".", body});
  return "t=" + time + ",v1=" + (digest ? hex_of(*digest) : std::string());
}

}  // namespace weir::rollout_loop
