#include "http/fault.h"

#include <array>

namespace weir::http {
namespace {

struct Entry {
  Fault fault;
  int status;
  std::string_view name, sentence;
};

constexpr std::array<Entry, fault_count> entries{{
    {Fault::none, 0, "none", ""},
    {Fault::bare_cr, 400, "bare_cr", "A carriage return must be followed by a line feed."},
    {Fault::bare_lf, 400, "bare_lf", "A line feed must follow a carriage return."},
    {Fault::nul_byte, 400, "nul_byte", "A head must not contain a NUL byte."},
    {Fault::obs_fold, 400, "obs_fold", "A field must not continue on the next line."},
    {Fault::bad_request_line, 400, "bad_request_line",
     "The request line must be a method, a target and a version, one space apart."},
    {Fault::bad_method, 400, "bad_method", "The method is not a token."},
    {Fault::bad_target, 400, "bad_target", "The request target is not valid."},
    {Fault::target_too_long, 414, "target_too_long", "The request target is too long."},
    {Fault::bad_version, 400, "bad_version", "The HTTP version is malformed."},
    {Fault::version_not_supported, 505, "version_not_supported",
     "Only HTTP/1.0 and HTTP/1.1 are spoken here."},
    {Fault::bad_field_name, 400, "bad_field_name", "A field name is not a token."},
    {Fault::bad_field_value, 400, "bad_field_value", "A field value contains a control character."},
    {Fault::too_many_fields, 431, "too_many_fields", "The head has too many fields."},
    {Fault::head_too_large, 431, "head_too_large", "The head is too large."},
    {Fault::missing_host, 400, "missing_host", "The Host field is missing."},
    {Fault::duplicate_host, 400, "duplicate_host", "There is more than one Host field."},
    {Fault::bad_host, 400, "bad_host", "The host is not valid."},
    {Fault::host_mismatch, 400, "host_mismatch",
     "The Host field differs from the authority of the target."},
    {Fault::bad_content_length, 400, "bad_content_length",
     "Content-Length is not a plain decimal number."},
    {Fault::duplicate_content_length, 400, "duplicate_content_length",
     "There is more than one Content-Length field."},
    {Fault::length_with_chunked, 400, "length_with_chunked",
     "Content-Length and Transfer-Encoding exclude each other."},
    {Fault::unknown_transfer_coding, 501, "unknown_transfer_coding",
     "The only transfer coding known here is chunked."},
    {Fault::chunked_on_http10, 400, "chunked_on_http10",
     "HTTP/1.0 does not have Transfer-Encoding."},
    {Fault::bad_transfer_encoding, 400, "bad_transfer_encoding", "Transfer-Encoding is malformed."},
    {Fault::bad_expect, 417, "bad_expect", "The only expectation known here is 100-continue."},
    {Fault::connect_not_supported, 501, "connect_not_supported", "CONNECT is not supported here."},
    {Fault::bad_max_forwards, 400, "bad_max_forwards", "Max-Forwards is not one decimal number."},
    {Fault::no_hops_left, 501, "no_hops_left",
     "Max-Forwards ends here, where OPTIONS and TRACE are not answered."},
    {Fault::too_many_connection_options, 400, "too_many_connection_options",
     "The Connection field lists too many options."},
    {Fault::body_too_large, 413, "body_too_large", "The body is too large."},
    {Fault::bad_chunk, 400, "bad_chunk", "The chunked body is malformed."},
    {Fault::chunk_line_too_long, 400, "chunk_line_too_long",
     "The size line of a chunk is too long."},
    {Fault::bad_trailer, 400, "bad_trailer", "A trailer field is malformed."},
    {Fault::trailers_too_large, 400, "trailers_too_large", "The trailer section is too large."},
    {Fault::body_too_slow, 408, "body_too_slow", "The body arrives too slowly."},
    {Fault::bad_status_line, 400, "bad_status_line", "The status line is malformed."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (static_cast<std::size_t>(entries[i].fault) != i) return false;
  }
  return true;
}
static_assert(in_order());

const Entry& entry_of(Fault fault) noexcept { return entries[static_cast<std::size_t>(fault)]; }

}  // namespace

int status_of(Fault fault) noexcept { return entry_of(fault).status; }

std::string_view name_of(Fault fault) noexcept { return entry_of(fault).name; }

std::string_view explain(Fault fault) noexcept { return entry_of(fault).sentence; }

}  // namespace weir::http
