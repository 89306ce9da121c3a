#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::http {

/// What an octet may be part of, a bit each.
enum OctetClass : std::uint8_t {
  token_octet = 1,    ///< RFC 9110 §5.6.2 tchar
  target_octet = 2,   ///< visible ASCII but '#'
  quoted_octet = 4,   ///< RFC 9110 §5.6.4 qdtext
  escaped_octet = 8,  ///< what may follow a backslash there
  host_octet = 16,    ///< letters, digits, `-._~`
  id_octet = 32,      ///< of a request id
};

namespace octets {

constexpr bool is_alphanumeric(unsigned octet) noexcept {
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
         (octet >= 'A' && octet <= 'Z');
}

constexpr bool one_of(unsigned octet, std::string_view set) noexcept {
  return octet < 0x80 && set.find(static_cast<char>(octet)) != std::string_view::npos;
}

constexpr std::uint8_t classes_of(unsigned octet) noexcept {
  const bool visible = octet > 0x20 && octet < 0x7f;
  const bool text = visible || octet == ' ' || octet == '\t' || octet >= 0x80;
  const bool word = is_alphanumeric(octet);
  unsigned classes = 0;
  if (word || one_of(octet, "!#$%&'*+-.^_`|~")) classes |= token_octet;
  if (visible && octet != '#') classes |= target_octet;
  if (text && octet != '"' && octet != '\\') classes |= quoted_octet;
  if (text) classes |= escaped_octet;
  if (word || one_of(octet, "-._~")) classes |= host_octet;
  if (word || one_of(octet, "-_.:+/=@")) classes |= id_octet;
  return static_cast<std::uint8_t>(classes);
}

inline constexpr auto classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned octet = 0; octet < table.size(); ++octet) table[octet] = classes_of(octet);
  return table;
}();

}  // namespace octets

constexpr bool is(OctetClass wanted, char octet) noexcept {
  return (octets::classes[static_cast<unsigned char>(octet)] & wanted) != 0;
}

/// The first octet outside `wanted`, or the size.
constexpr std::size_t span_of(OctetClass wanted, std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && is(wanted, text[at])) ++at;
  return at;
}

/// Not empty and nothing but `wanted`.
constexpr bool consists_of(OctetClass wanted, std::string_view text) noexcept {
  return !text.empty() && span_of(wanted, text) == text.size();
}

constexpr char lower(char octet) noexcept {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet | 0x20) : octet;
}

constexpr bool is_digit(char octet) noexcept { return octet >= '0' && octet <= '9'; }

/// Without the spaces and tabs around it (RFC 9110 §5.6.3 OWS).
constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The first control octet (below 0x20, or DEL) from `from` on, or the size; eight
/// octets at a time.
inline std::size_t find_control(std::string_view text, std::size_t from) noexcept {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t each = 0x0101010101010101, high = each * 0x80;
  for (; from + 8 <= text.size(); from += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + from, sizeof word);
    const std::uint64_t below_space = (word - each * 0x20) & ~word;
    const std::uint64_t no_del = word ^ (each * 0x7f);
    const std::uint64_t hits = (below_space | ((no_del - each) & ~no_del)) & high;
    // Borrows disturb only octets after the first hit.
    if (hits != 0) return from + static_cast<unsigned>(std::countr_zero(hits)) / 8;
  }
  for (; from < text.size(); ++from) {
    const auto octet = static_cast<unsigned char>(text[from]);
    if (octet < 0x20 || octet == 0x7f) break;
  }
  return from;
}

}  // namespace weir::http
