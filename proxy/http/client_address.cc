#include "http/client_address.h"

#include <optional>

#include "http/list.h"

namespace weir::http {
namespace {

/// Empty elements do not count (RFC 9110 §5.6.1).
std::string_view entry_from_right(const RequestHead& head, std::uint32_t position) noexcept {
  for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
    if (field->known != KnownField::x_forwarded_for) continue;
    std::string_view rest = field->value;
    while (!rest.empty()) {
      const std::string_view entry = take_last_element(rest);
      if (!entry.empty() && --position == 0) return entry;
    }
  }
  return {};
}

bool is_port_suffix(std::string_view text) noexcept {
  return text.empty() || (text.size() > 1 && text.size() <= 6 && text.front() == ':' &&
                          text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

/// An address, "a.b.c.d:port", "[v6]" or "[v6]:port".
std::optional<IpAddress> parse_entry(std::string_view entry) {
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    if (end == std::string_view::npos || !is_port_suffix(entry.substr(end + 1))) return {};
    return IpAddress::parse(entry.substr(1, end - 1));
  }
  const std::size_t colon = entry.find(':');
  const bool v4_with_port = colon != std::string_view::npos && colon == entry.rfind(':');
  if (!v4_with_port) return IpAddress::parse(entry);
  if (!is_port_suffix(entry.substr(colon))) return {};
  return IpAddress::parse(entry.substr(0, colon));
}

}  // namespace

ClientAddress resolve_client(const RequestHead& head, const IpAddress& peer,
                             const ForwardedPlan& plan) {
  if (!contains(plan.trusted, peer)) return {peer, false, false};
  if (plan.client_from_right == 0) return {peer, true, false};
  const auto client = parse_entry(entry_from_right(head, plan.client_from_right));
  return {client.value_or(peer), true, client.has_value()};
}

}  // namespace weir::http
