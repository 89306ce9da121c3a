#include "http/trace_context.h"

#include <algorithm>

#include "http/octets.h"

namespace weir::http {
namespace {

constexpr std::size_t longest_request_id = 128;
constexpr std::size_t longest_traceparent = 256;
constexpr std::size_t traceparent_size = 55;

bool is_lower_hex(char octet) noexcept { return is_digit(octet) || (octet >= 'a' && octet <= 'f'); }

bool is_hex(std::string_view text) noexcept { return std::ranges::all_of(text, is_lower_hex); }

bool is_id(std::string_view text) noexcept {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

constexpr auto hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t octet = 0; octet < pairs.size(); ++octet) {
    pairs[octet] = {digits[octet >> 4], digits[octet & 0xf]};
  }
  return pairs;
}();

char* write_hex(std::uint64_t value, char* to) noexcept {
  for (int shift = 56; shift >= 0; shift -= 8) {
    to = std::ranges::copy(hex_pairs[(value >> shift) & 0xff], to).out;
  }
  return to;
}

}  // namespace

bool is_valid_request_id(std::string_view text) noexcept {
  return text.size() <= longest_request_id && consists_of(id_octet, text);
}

bool is_valid_traceparent(std::string_view text) noexcept {
  if (text.size() < traceparent_size || text.size() > longest_traceparent) return false;
  const std::string_view version = text.substr(0, 2);
  const std::string_view later = text.substr(traceparent_size);
  if (!is_hex(version) || version == "ff" || (version == "00" && !later.empty())) return false;
  if (!later.empty() && (later.front() != '-' || !consists_of(target_octet, later))) return false;
  return text[2] == '-' && is_id(text.substr(3, 32)) && text[35] == '-' &&
         is_id(text.substr(36, 16)) && text[52] == '-' && is_hex(text.substr(53, 2));
}

RequestId format_request_id(std::uint64_t high, std::uint64_t low) noexcept {
  RequestId id;
  write_hex(low, write_hex(high, id.chars.data()));
  return id;
}

Traceparent format_traceparent(std::uint64_t trace_high, std::uint64_t trace_low,
                               std::uint64_t parent, bool sampled) noexcept {
  const bool zero_trace = trace_high == 0 && trace_low == 0;
  Traceparent text;
  char* to = std::ranges::copy(std::string_view("00-"), text.chars.data()).out;
  to = write_hex(zero_trace ? 1 : trace_low, write_hex(trace_high, to));
  *to++ = '-';
  to = write_hex(parent == 0 ? 1 : parent, to);
  std::ranges::copy(std::string_view(sampled ? "-01" : "-00"), to);
  return text;
}

std::string_view client_request_id(const RequestHead& head) noexcept {
  const auto value = single_value(head.fields, KnownField::x_request_id);
  return value && is_valid_request_id(*value) ? *value : std::string_view{};
}

std::string_view client_traceparent(const RequestHead& head) noexcept {
  const auto value = single_value(head.fields, KnownField::traceparent);
  return value && is_valid_traceparent(*value) ? *value : std::string_view{};
}

}  // namespace weir::http
