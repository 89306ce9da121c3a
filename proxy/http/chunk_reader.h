#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/fault.h"
#include "model/wire_limits.h"

namespace weir::http {

/// Takes a chunked body apart (RFC 9112 §7.1) without copying it. Extensions must
/// follow the grammar and end here. Says the same whatever pieces the bytes arrive in.
/// Allocates only for trailers.
class ChunkReader {
 public:
  enum class Progress : std::uint8_t { need_more, data, done, failed };

  /// Before each body. `limits.body_bytes` counts decoded bytes: 0 for responses.
  void reset(const WireLimits& limits);

  /// Takes bytes off the front of `input`. `data`: a piece of the body, a slice of
  /// `input` as it was; call again. `need_more`: `input` is empty. `done`: `input` is
  /// what follows the body. After `failed` every call fails.
  Progress read(std::string_view& input, std::string_view& data);

  Fault fault() const noexcept { return fault_; }
  std::uint64_t body_bytes() const noexcept { return total_; }
  /// Once done: the trailers worth sending on, as "name: value CRLF" lines. Those that
  /// frame, route, authenticate, describe content or set cookies are left out
  /// (RFC 9110 §6.5.1). Valid until `reset`.
  const std::string& trailer_section() const noexcept { return trailers_; }

 private:
  enum class State : std::uint8_t {
    size,
    before_semicolon,
    extension_start,
    extension_name,
    after_name,
    value_start,
    value,
    quoted,
    quoted_escape,
    after_quoted,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_line,
    trailer_lf,
    done,
    failed,
  };

  Progress fail(Fault fault) noexcept;
  Fault take(char octet);
  Fault take_in_line(char octet) noexcept;
  State next_in_extension(char octet) const noexcept;
  Fault take_size(char octet) noexcept;
  Fault end_size_line() noexcept;
  Fault take_trailer(char octet);
  Fault end_trailer_line();
  std::string_view take_data(std::string_view& input) noexcept;

  WireLimits limits_;
  State state_ = State::size;
  Fault fault_ = Fault::none;
  unsigned digits_ = 0;
  std::uint32_t line_bytes_ = 0;
  std::uint32_t trailer_bytes_ = 0;
  std::uint32_t trailer_fields_ = 0;
  std::uint64_t remaining_ = 0;  ///< of this chunk
  std::uint64_t total_ = 0;
  std::string line_;  ///< the trailer line being read
  std::string trailers_;
};

}  // namespace weir::http
