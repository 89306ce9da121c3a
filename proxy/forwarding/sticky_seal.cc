#include "forwarding/sticky_seal.h"

#include <openssl/crypto.h>

#include <cstdint>

namespace weir::forwarding {
namespace {

using Signature = StickySeal::Signature;

std::optional<Signature> signature_of(net::HmacSha256& hmac, std::string_view cookie,
                                      std::string_view key) noexcept {
  const auto digest = hmac.of({cookie, "=", key});
  if (!digest) return std::nullopt;
  std::uint64_t high = 0, low = 0;
  for (std::size_t i = 0; i < sizeof high; ++i) {
    high = (high << 8) | (*digest)[i];
    low = (low << 8) | (*digest)[sizeof high + i];
  }
  return http::format_request_id(high, low);
}

bool same(const std::optional<Signature>& wanted, std::string_view given) noexcept {
  return wanted && wanted->view().size() == given.size() &&
         CRYPTO_memcmp(wanted->view().data(), given.data(), given.size()) == 0;
}

}  // namespace

StickySeal::StickySeal(const net::StickySecret& secret) : current_(secret.current) {
  if (!secret.previous.empty()) previous_.emplace(secret.previous);
}

std::optional<Signature> StickySeal::sign(std::string_view cookie, std::string_view key) noexcept {
  return signature_of(current_, cookie, key);
}

std::optional<std::string_view> StickySeal::open(std::string_view cookie,
                                                 std::string_view value) noexcept {
  const auto dot = value.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto key = value.substr(0, dot), given = value.substr(dot + 1);
  if (same(signature_of(current_, cookie, key), given)) return key;
  if (previous_ && same(signature_of(*previous_, cookie, key), given)) return key;
  return std::nullopt;
}

}  // namespace weir::forwarding
