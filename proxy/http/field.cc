#include "http/field.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "http/octets.h"

namespace weir::http {
namespace {

struct Named {
  std::string_view name;
  KnownField known = KnownField::other;
};

constexpr auto named = std::to_array<Named>({
    {"te", KnownField::te},
    {"via", KnownField::via},
    {"host", KnownField::host},
    {"cookie", KnownField::cookie},
    {"client-cert", KnownField::client_certificate},
    {"client-cert-chain", KnownField::client_certificate},
    {"x-client-cert", KnownField::client_certificate},
    {"expect", KnownField::expect},
    {"trailer", KnownField::trailer},
    {"upgrade", KnownField::upgrade},
    {"forwarded", KnownField::forwarded},
    {"x-real-ip", KnownField::forwarded_claim},
    {"connection", KnownField::connection},
    {"keep-alive", KnownField::keep_alive},
    {"set-cookie", KnownField::set_cookie},
    {"tracestate", KnownField::tracestate},
    {"max-forwards", KnownField::max_forwards},
    {"traceparent", KnownField::traceparent},
    {"x-request-id", KnownField::x_request_id},
    {"authorization", KnownField::authorization},
    {"content-length", KnownField::content_length},
    {"http2-settings", KnownField::http2_settings},
    {"x-weir-version", KnownField::x_weir_version},
    {"x-forwarded-for", KnownField::x_forwarded_for},
    {"x-weir-mirrored", KnownField::x_weir_mirrored},
    {"x-forwarded-host", KnownField::x_forwarded_host},
    {"proxy-connection", KnownField::proxy_connection},
    {"transfer-encoding", KnownField::transfer_encoding},
    {"x-forwarded-proto", KnownField::x_forwarded_proto},
});

constexpr std::string_view claim_prefix = "x-forwarded-";
constexpr std::string_view certificate_prefix = "x-client-cert-";

constexpr std::size_t slots = 64;

/// The one place in the table where a name may stand: no two of `named` share theirs. Their
/// aliases differ in neither length nor ends.
constexpr std::size_t slot_of(std::string_view name) noexcept {
  const auto first = static_cast<unsigned char>(lower(name.front()));
  const auto last = static_cast<unsigned char>(lower(name.back()));
  return (2 * name.size() + first + 47 * std::size_t{last}) % slots;
}

constexpr auto by_slot = [] {
  std::array<Named, slots> table{};
  for (const Named& each : named) table[slot_of(each.name)] = each;
  return table;
}();
static_assert(std::ranges::all_of(named, [](const Named& each) {
  return by_slot[slot_of(each.name)].name == each.name;
}));

/// As a pool that builds CGI-like variables may read it.
constexpr char canonical(char octet) noexcept {
  return octet == '_' || octet == '.' ? '-' : lower(octet);
}

bool is_alias(std::string_view name) noexcept {
  return name.find_first_of("_.") != std::string_view::npos;
}

template <class Word>
bool word_is(const char* name, const char* known) noexcept {
  Word a, b;
  std::memcpy(&a, name, sizeof a);
  std::memcpy(&b, known, sizeof b);
  return (a | static_cast<Word>(0x2020202020202020)) == b;
}

/// Whether two texts of one size are equal but for case, in words that may overlap. Right
/// where `name` is letters, digits and '-' and `known` is in lower case: setting the bit that
/// makes a letter small changes none of the others.
bool is_plainly(std::string_view name, std::string_view known) noexcept {
  const std::size_t size = known.size();
  if (name.size() != size) return false;
  const char *a = name.data(), *b = known.data();
  if (size < 4) return reads_as(name, known);
  if (size < 8)
    return word_is<std::uint32_t>(a, b) && word_is<std::uint32_t>(a + size - 4, b + size - 4);
  for (std::size_t i = 0; i + 8 < size; i += 8) {
    if (!word_is<std::uint64_t>(a + i, b + i)) return false;
  }
  return word_is<std::uint64_t>(a + size - 8, b + size - 8);
}

template <class Equal>
KnownField known_or_claim(std::string_view name, const Equal& equal) noexcept {
  if (name.empty()) return KnownField::other;
  const Named& candidate = by_slot[slot_of(name)];
  if (equal(name, candidate.name)) return candidate.known;
  if (lower(name.front()) != 'x') return KnownField::other;
  const auto begins_as = [&](std::string_view prefix) {
    return equal(name.substr(0, prefix.size()), prefix);
  };
  if (begins_as(claim_prefix)) return KnownField::forwarded_claim;
  return begins_as(certificate_prefix) ? KnownField::client_certificate : KnownField::other;
}

}  // namespace

bool reads_as(std::string_view name, std::string_view known) noexcept {
  if (name.size() != known.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (canonical(name[i]) != known[i]) return false;
  }
  return true;
}

bool equal_names(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

KnownField known_field(std::string_view name) noexcept {
  const auto [size, rare] = token_span(name);
  return known_field(name, rare || size != name.size());
}

KnownField known_field(std::string_view name, bool rare) noexcept {
  if (!rare) return known_or_claim(name, is_plainly);
  const KnownField known = known_or_claim(name, reads_as);
  return known != KnownField::other && is_alias(name) ? KnownField::alias : known;
}

std::optional<std::string_view> field_value(const std::vector<Field>& fields,
                                            std::string_view name) noexcept {
  for (const Field& field : fields) {
    if (equal_names(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> single_value(const std::vector<Field>& fields,
                                             KnownField known) noexcept {
  std::optional<std::string_view> value;
  for (const Field& field : fields) {
    if (field.known != known) continue;
    if (value) return std::nullopt;
    value = field.value;
  }
  return value;
}

}  // namespace weir::http
