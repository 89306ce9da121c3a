#pragma once
#include <string>
#include <string_view>

#include "http/head_writer.h"

namespace weir::http::tests {

/// What became of bytes that may begin with a response.
struct ResponseTrip {
  bool relayed = false;  ///< they hold a whole valid head that clients may see
  std::string broken{};  ///< which rules what was written breaks; empty: none
};

/// Scans, parses and rewrites, then asks Weir's own parser and Beast's whether what would go
/// to the client means what was received, in one way only.
ResponseTrip relay_response(std::string_view bytes, const WireLimits& limits, Method method,
                            const ResponseFacts& facts);

}  // namespace weir::http::tests
