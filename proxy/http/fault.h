#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::http {

/// What is wrong with a message, one value per distinguishable mistake. Any of them
/// means: answer, close the connection, and let not one byte of the message pass.
enum class Fault : std::uint8_t {
  none,
  bare_cr,
  bare_lf,
  nul_byte,
  obs_fold,
  bad_request_line,
  bad_method,
  bad_target,
  target_too_long,
  bad_version,
  version_not_supported,
  bad_field_name,
  bad_field_value,
  too_many_fields,
  head_too_large,
  missing_host,
  duplicate_host,
  bad_host,
  host_mismatch,
  bad_content_length,
  duplicate_content_length,
  length_with_chunked,
  unknown_transfer_coding,
  chunked_on_http10,
  bad_transfer_encoding,
  bad_expect,
  connect_not_supported,
  bad_max_forwards,
  no_hops_left,
  too_many_connection_options,
  body_too_large,
  bad_chunk,
  chunk_line_too_long,
  bad_trailer,
  trailers_too_large,
  body_too_slow,
  bad_status_line,
};

inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::bad_status_line) + 1;

/// The status a client is answered with for its own mistake: 400, 408, 413, 414, 417,
/// 431, 501 or 505. A pool's mistake is always answered 502. 0 for `none`.
int status_of(Fault fault) noexcept;

/// snake_case, for metric labels and the access log.
std::string_view name_of(Fault fault) noexcept;

/// One short sentence for the body of the answer.
std::string_view explain(Fault fault) noexcept;

}  // namespace weir::http
