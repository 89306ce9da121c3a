#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::rollout_loop {

/// What a request carries as `X-Weir-Signature`, so that its receiver knows who sent it, and when:
/// "t=1700000000,v1=5257a8…", v1 being HMAC-SHA256 over "1700000000." and the body, in hex.
/// `unix_seconds`: of this try; a receiver that refuses old ones refuses replays.
std::string signature_of(std::string_view secret, std::int64_t unix_seconds, std::string_view body);

}  // namespace weir::rollout_loop
