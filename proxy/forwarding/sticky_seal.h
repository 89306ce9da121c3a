#pragma once
#include <optional>
#include <string_view>

#include "http/trace_context.h"
#include "net/hmac_sha256.h"
#include "net/sticky_secrets.h"

namespace weir::forwarding {

/// Signs the sticky keys of one service, and knows them again: the cookie's value is
/// "<key>.<signature>". The signature is HMAC-SHA256 over "<cookie>=<key>", cut to 128 bits, so
/// that a key is good under the name it was given out under. One thread.
class StickySeal {
 public:
  explicit StickySeal(const net::StickySecret& secret);

  using Signature = http::FixedText<32>;  ///< hex digits
  /// Nothing where there is no memory.
  std::optional<Signature> sign(std::string_view cookie, std::string_view key) noexcept;
  /// The key in a cookie's value; nothing where neither secret signed it.
  std::optional<std::string_view> open(std::string_view cookie, std::string_view value) noexcept;

 private:
  net::HmacSha256 current_;
  std::optional<net::HmacSha256> previous_;
};

}  // namespace weir::forwarding
