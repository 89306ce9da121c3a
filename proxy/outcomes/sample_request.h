#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "model/short_text.h"
#include "outcomes/outcome.h"

namespace weir::outcomes {

/// An exchange that speaks against its version, as people find it again in their own logs. The
/// query of the target is left out: it may carry secrets.
struct SampleRequest {
  std::int64_t unix_ms = 0;  ///< when it ended
  std::chrono::microseconds latency{0};
  std::uint16_t status = 0;  ///< the version's answer, or Weir's for it; 0: none
  Ending ending = Ending::answered;
  bool error = false;
  bool slow = false;
  ShortText<16> method;
  ShortText<128> path;
  ShortText<128> request_id;  ///< as sent to the pool
  ShortText<32> trace_id;     ///< likewise, in hex (W3C Trace Context)
  bool operator==(const SampleRequest&) const = default;
};

}  // namespace weir::outcomes
