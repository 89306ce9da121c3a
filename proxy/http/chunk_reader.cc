#include "http/chunk_reader.h"

#include <limits>

#include "http/lines.h"
#include "http/octets.h"
#include "http/trailers.h"

namespace weir::http {
namespace {

constexpr unsigned most_size_digits = 16;

int hex_value(char octet) noexcept {
  if (is_digit(octet)) return octet - '0';
  const char letter = lower(octet);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_blank(char octet) noexcept { return octet == ' ' || octet == '\t'; }

Fault fault_of_octet(char octet) noexcept {
  if (octet == '\n') return Fault::bare_lf;
  return octet == '\0' ? Fault::nul_byte : Fault::bad_chunk;
}

}  // namespace

void ChunkReader::reset(const WireLimits& limits) {
  limits_ = limits;
  state_ = State::size;
  fault_ = Fault::none;
  digits_ = 0;
  line_bytes_ = trailer_bytes_ = trailer_fields_ = 0;
  remaining_ = total_ = 0;
  line_.clear();
  trailers_.clear();
}

ChunkReader::Progress ChunkReader::fail(Fault fault) noexcept {
  state_ = State::failed;
  fault_ = fault;
  return Progress::failed;
}

ChunkReader::Progress ChunkReader::read(std::string_view& input, std::string_view& data) {
  data = {};
  while (state_ != State::done) {
    if (state_ == State::failed) return Progress::failed;
    if (input.empty()) return Progress::need_more;
    if (state_ == State::data) {
      data = take_data(input);
      return Progress::data;
    }
    const Fault fault = take(input.front());
    if (fault != Fault::none) return fail(fault);
    input.remove_prefix(1);
  }
  return Progress::done;
}

std::string_view ChunkReader::take_data(std::string_view& input) noexcept {
  const std::string_view data = input.substr(0, remaining_);
  input.remove_prefix(data.size());
  remaining_ -= data.size();
  total_ += data.size();
  if (remaining_ == 0) state_ = State::data_cr;
  return data;
}

Fault ChunkReader::take(char octet) {
  switch (state_) {
    case State::size_lf:
      return octet == '\n' ? end_size_line() : Fault::bare_cr;
    case State::data_cr:
      state_ = State::data_lf;
      return octet == '\r' ? Fault::none : fault_of_octet(octet);
    case State::data_lf:
      state_ = State::size;
      digits_ = 0;
      line_bytes_ = 0;
      return octet == '\n' ? Fault::none : Fault::bare_cr;
    case State::trailer_line:
      return take_trailer(octet);
    case State::trailer_lf:
      return octet == '\n' ? end_trailer_line() : Fault::bare_cr;
    default:
      return take_in_line(octet);
  }
}

Fault ChunkReader::take_in_line(char octet) noexcept {
  const bool may_end = state_ == State::extension_name || state_ == State::value ||
                       state_ == State::after_quoted || (state_ == State::size && digits_ > 0);
  if (octet == '\r') {
    if (!may_end) return Fault::bad_chunk;
    state_ = State::size_lf;
    return Fault::none;
  }
  if (++line_bytes_ > limits_.chunk_line_bytes) return Fault::chunk_line_too_long;
  if (state_ == State::size && !is_blank(octet) && octet != ';') return take_size(octet);
  if (state_ == State::size && digits_ == 0) return fault_of_octet(octet);
  const auto next = next_in_extension(octet);
  if (next == State::failed) return fault_of_octet(octet);
  state_ = next;
  return Fault::none;
}

/// chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
ChunkReader::State ChunkReader::next_in_extension(char octet) const noexcept {
  const bool blank = is_blank(octet), token = is(token_octet, octet);
  switch (state_) {
    case State::size:
    case State::before_semicolon:
    case State::after_quoted:
      if (octet == ';') return State::extension_start;
      return blank ? State::before_semicolon : State::failed;
    case State::extension_start:
      if (token) return State::extension_name;
      return blank ? state_ : State::failed;
    case State::extension_name:
      if (token) return state_;
      [[fallthrough]];
    case State::after_name:
      if (octet == '=') return State::value_start;
      if (octet == ';') return State::extension_start;
      return blank ? State::after_name : State::failed;
    case State::value_start:
      if (octet == '"') return State::quoted;
      if (token) return State::value;
      return blank ? state_ : State::failed;
    case State::value:
      if (octet == ';') return State::extension_start;
      if (token) return state_;
      return blank ? State::before_semicolon : State::failed;
    case State::quoted:
      if (octet == '"') return State::after_quoted;
      if (octet == '\\') return State::quoted_escape;
      return is(quoted_octet, octet) ? state_ : State::failed;
    case State::quoted_escape:
      return is(escaped_octet, octet) ? State::quoted : State::failed;
    default:
      return State::failed;
  }
}

Fault ChunkReader::take_size(char octet) noexcept {
  const int value = hex_value(octet);
  if (value < 0) return fault_of_octet(octet);
  if (++digits_ > most_size_digits) return Fault::bad_chunk;
  remaining_ = remaining_ * 16 + static_cast<unsigned>(value);
  return Fault::none;
}

Fault ChunkReader::end_size_line() noexcept {
  if (remaining_ > std::numeric_limits<std::uint64_t>::max() - total_) return Fault::bad_chunk;
  if (limits_.body_bytes != 0 && total_ + remaining_ > limits_.body_bytes) {
    return Fault::body_too_large;
  }
  state_ = remaining_ == 0 ? State::trailer_line : State::data;
  return Fault::none;
}

Fault ChunkReader::take_trailer(char octet) {
  if (octet == '\r') {
    state_ = State::trailer_lf;
    return Fault::none;
  }
  if (octet == '\n' || octet == '\0') return fault_of_octet(octet);
  if (++trailer_bytes_ > limits_.trailer_bytes) return Fault::trailers_too_large;
  line_.push_back(octet);
  return Fault::none;
}

Fault ChunkReader::end_trailer_line() {
  if (line_.empty()) {
    state_ = State::done;
    return Fault::none;
  }
  if (++trailer_fields_ > limits_.fields) return Fault::trailers_too_large;
  const bool controls = span_of(escaped_octet, line_) < line_.size();
  Field field;
  if (parse_field_line({line_, controls}, field) != Fault::none) return Fault::bad_trailer;
  append_trailer(field, trailers_);
  line_.clear();
  state_ = State::trailer_line;
  return Fault::none;
}

}  // namespace weir::http
