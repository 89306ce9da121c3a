#include "admin/head_rules.h"

#include <algorithm>
#include <charconv>

#include "http/field.h"
#include "http/host.h"

namespace weir::admin {
namespace {

Problem bad_field(std::string detail) { return {Status::bad_request, std::move(detail)}; }

std::optional<std::uint64_t> epoch_in_quotes(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return std::nullopt;
  std::uint64_t epoch = 0;
  const auto* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, epoch);
  if (error != std::errc{} || end != last) return std::nullopt;
  return epoch;
}

}  // namespace

std::optional<Problem> head_problem(const RequestHead& head, bool host_needed) {
  const auto host = single_value(head, "Host");
  if (host_needed && (!host || !http::is_valid_host(*host))) {
    return Problem{Status::bad_request, "there must be one Host field that names a host"};
  }
  const auto lengths = head.count(Field::content_length);
  const auto codings = head.count(Field::transfer_encoding);
  const auto coding = head[Field::transfer_encoding];
  const bool chunked = http::equal_names({coding.data(), coding.size()}, "chunked");
  if (lengths + codings > 1 || (codings == 1 && !chunked)) {
    return Problem{Status::bad_request, "the length of the body is ambiguous"};
  }
  return std::nullopt;
}

std::variant<std::optional<std::uint64_t>, Problem> read_if_match(const RequestHead& head) {
  if (head.count(Field::if_match) == 0) return std::nullopt;
  const auto value = single_value(head, "If-Match");
  if (value == "*") return std::nullopt;
  const auto epoch = value ? epoch_in_quotes(*value) : std::nullopt;
  if (!epoch) return bad_field("If-Match must be one epoch in quotes, such as \"7\"");
  return epoch;
}

std::variant<std::optional<std::string>, Problem> read_idempotency_key(const RequestHead& head) {
  constexpr std::string_view name = "Idempotency-Key";
  if (head.count({name.data(), name.size()}) == 0) return std::nullopt;
  const auto value = single_value(head, name);
  const bool visible = value && !value->empty() && value->size() < 256 &&
                       std::all_of(value->begin(), value->end(),
                                   [](char octet) { return octet > 0x20 && octet < 0x7f; });
  if (!visible) return bad_field("Idempotency-Key must be 1 to 255 visible ASCII characters");
  return std::string(*value);
}

}  // namespace weir::admin
