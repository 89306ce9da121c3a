#pragma once
#include <string>
#include <string_view>

#include "http/head_writer.h"

namespace weir::http::tests {

/// What became of bytes that may begin with a request.
struct RequestTrip {
  bool forwarded = false;  ///< they hold a whole valid head
  std::string broken{};    ///< which rules what was written breaks; empty: none
};

ForwardedFacts facts_of_peer(bool trusted);

/// Scans, parses and rewrites, then asks Weir's own parser and Beast's whether what would go
/// to the pool means what was received, in one way only.
RequestTrip forward_request(std::string_view bytes, const WireLimits& limits,
                            const ForwardedFacts& facts);

}  // namespace weir::http::tests
