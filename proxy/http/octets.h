#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/// The first octet outside `wanted`, or the size; a branch for every fourth.
constexpr std::size_t span_of(OctetClass wanted, std::string_view text) noexcept {
  const auto classes = [text](std::size_t at) {
    return unsigned{octets::classes[static_cast<unsigned char>(text[at])]};
  };
  const auto four = [&](std::size_t at) {
    return classes(at) & classes(at + 1) & classes(at + 2) & classes(at + 3) & wanted;
  };
  std::size_t at = 0;
  while (at + 4 <= text.size() && four(at) != 0) at += 4;
  while (at < text.size() && is(wanted, text[at])) ++at;
  return at;
}

/// How far a token reaches from the beginning of a text.
struct TokenSpan {
  std::size_t size = 0;
  bool rare = false;  ///< holds more than the letters, digits and '-' that names are made of
};

/// As `span_of(token_octet, text)`; sixteen octets at a time while they are what names are
/// made of.
inline TokenSpan token_span(std::string_view text) noexcept {
  TokenSpan span;
#ifdef __SSE2__
  const auto up_to = [](__m128i octets, char first, char count) {
    const auto from_first = _mm_sub_epi8(octets, _mm_set1_epi8(first));
    const auto most = _mm_set1_epi8(static_cast<char>(count - 1));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_first, most), from_first);
  };
  for (; span.size + 16 <= text.size(); span.size += 16) {
    const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + span.size));
    const auto letters = up_to(_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 26);
    const auto others = _mm_or_si128(up_to(octets, '0', 10), up_to(octets, '-', 1));
    const auto misses = ~unsigned(_mm_movemask_epi8(_mm_or_si128(letters, others))) & 0xffffU;
    if (misses == 0) continue;
    span.size += static_cast<unsigned>(std::countr_zero(misses));
    break;
  }
#endif
  for (; span.size < text.size() && is(token_octet, text[span.size]); ++span.size) {
    const char octet = text[span.size];
    span.rare =
        span.rare || !(octet == '-' || octets::is_alphanumeric(static_cast<unsigned char>(octet)));
  }
  return span;
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
  const auto is_space = [](char octet) { return octet == ' ' || octet == '\t'; };
  std::size_t begin = 0, end = text.size();
  while (begin != end && is_space(text[begin])) ++begin;
  while (begin != end && is_space(text[end - 1])) --end;
  return {text.data() + begin, end - begin};
}

constexpr bool is_control(char octet) noexcept {
  return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f;
}

/// The first control octet (below 0x20, or DEL) from `from` on, or the size; sixteen
/// octets at a time where the processor has SSE2, as every x86-64 does.
inline std::size_t find_control(std::string_view text, std::size_t from) noexcept {
#ifdef __SSE2__
  const auto last_control = _mm_set1_epi8(0x1f), del = _mm_set1_epi8(0x7f);
  for (; from + 16 <= text.size(); from += 16) {
    const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    const auto below_space = _mm_cmpeq_epi8(_mm_min_epu8(octets, last_control), octets);
    const auto hits = _mm_movemask_epi8(_mm_or_si128(below_space, _mm_cmpeq_epi8(octets, del)));
    if (hits != 0) return from + static_cast<unsigned>(std::countr_zero(unsigned(hits)));
  }
#endif
  while (from < text.size() && !is_control(text[from])) ++from;
  return from;
}

/// Where `first` and `second` stand side by side first, or the size; sixteen octets at a time,
/// likewise.
inline std::size_t find_pair(std::string_view text, char first, char second) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  const auto equals = [&](std::size_t from, char octet) {
    const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    return _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet));
  };
  for (; at + 17 <= text.size(); at += 16) {
    const auto pairs = _mm_and_si128(equals(at, first), equals(at + 1, second));
    const auto hits = _mm_movemask_epi8(pairs);
    if (hits != 0) return at + static_cast<unsigned>(std::countr_zero(unsigned(hits)));
  }
#endif
  for (; at + 1 < text.size(); ++at) {
    if (text[at] == first && text[at + 1] == second) return at;
  }
  return text.size();
}

}  // namespace weir::http
