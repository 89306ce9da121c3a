#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/ip_address.h"

namespace weir::http {

/// The header a load balancer puts before a connection's own bytes, of version 1 (text) or 2
/// (binary): https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt
struct ProxyHeader {
  enum class Progress : std::uint8_t {
    need_more,  ///< every byte so far belongs to the header
    complete,
    failed,
  };

  Progress progress = Progress::need_more;
  std::size_t size = 0;             ///< where complete: bytes it takes up
  std::optional<IpAddress> client;  ///< nothing: the balancer speaks for itself, or cannot say
  std::string_view problem;         ///< where failed: one sentence
};

/// Reads what stands at the beginning of `bytes`. Strict: the whole grammar of version 1, one
/// space between words; version 2 over a stream only, its length exact, a CRC-32C that it
/// carries checked, other TLVs only stepped over. Fails at the first byte that cannot be one
/// of a header of at most `most_bytes`.
ProxyHeader read_proxy_header(std::string_view bytes, std::size_t most_bytes);

}  // namespace weir::http
