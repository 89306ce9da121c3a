#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "http/request_head.h"

namespace weir::http {

/// 1–128 letters, digits or `-_.:+/=@`: safe in a log line and in a field.
bool is_valid_request_id(std::string_view text) noexcept;

/// W3C Trace Context §3.2: version 00 exactly, later versions by their first four parts.
bool is_valid_traceparent(std::string_view text) noexcept;

/// Text held in place.
template <std::size_t Size>
struct FixedText {
  std::array<char, Size> chars{};
  std::string_view view() const noexcept { return {chars.data(), Size}; }
};
using RequestId = FixedText<32>;
using Traceparent = FixedText<55>;

/// The 32 hex digits of a valid traceparent that name the trace.
inline std::string_view trace_id_of(std::string_view traceparent) noexcept {
  return traceparent.substr(std::min<std::size_t>(3, traceparent.size()), 32);
}

/// 128 random bits in, 32 hex digits out.
RequestId format_request_id(std::uint64_t high, std::uint64_t low) noexcept;

/// A new trace of version 00. Identifiers of all zeros are invalid and become 1.
Traceparent format_traceparent(std::uint64_t trace_high, std::uint64_t trace_low,
                               std::uint64_t parent, bool sampled) noexcept;

/// The client's own, where it sent exactly one and it is valid; else empty: make one.
std::string_view client_request_id(const RequestHead& head) noexcept;
std::string_view client_traceparent(const RequestHead& head) noexcept;

}  // namespace weir::http
