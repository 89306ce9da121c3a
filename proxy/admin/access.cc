#include "admin/access.h"

#include "http/field.h"
#include "http/octets.h"

namespace weir::admin {
namespace {

std::optional<TokenFile> open_tokens(const AdminPlan& plan, Instant now) {
  if (plan.token_file.empty()) return std::nullopt;
  return TokenFile(plan.token_file, now);
}

std::string_view text_of(const RequestHead& head, Field field) {
  const auto value = head[field];
  return {value.data(), value.size()};
}

std::string_view without_port(std::string_view host) noexcept {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool names_this_machine(std::string_view host) {
  const auto name = without_port(host);
  return http::equal_names(name, "localhost") || IpAddress::parse(name).has_value();
}

// RFC 6750 §2.1; the scheme compares without case (RFC 9110 §11.1).
std::optional<std::string_view> bearer_token(const RequestHead& head) {
  constexpr std::string_view scheme = "Bearer ";
  const auto value = single_value(head, "Authorization");
  if (!value || value->size() < scheme.size()) return std::nullopt;
  if (!http::equal_names(value->substr(0, scheme.size()), scheme)) return std::nullopt;
  return http::trimmed(value->substr(scheme.size()));
}

bool is_foreign(const RequestHead& head) {
  if (head.count(Field::origin) == 0) return false;
  const auto origin = single_value(head, "Origin");
  return !origin ||
         !http::equal_names(*origin, "http://" + std::string(text_of(head, Field::host)));
}

Problem forbidden(std::string detail) { return {Status::forbidden, std::move(detail)}; }

}  // namespace

bool is_loopback(const IpAddress& address) noexcept {
  static const auto v4 = *Cidr::parse("127.0.0.0/8");
  static const auto v6 = *IpAddress::parse("::1");
  return v4.contains(address) || address == v6;
}

Access::Access(const AdminPlan& plan, Instant now) : tokens_(open_tokens(plan, now)) {}

void Access::reconfigure(const AdminPlan& plan, Instant now) { tokens_ = open_tokens(plan, now); }

std::variant<std::string, Problem> Access::admit(const RequestHead& head, const IpAddress& peer,
                                                 const Route& route, Instant now) {
  const auto address = peer.text();
  if (route.operation == Operation::health || route.operation == Operation::readiness) {
    return address;
  }
  if (route.method == Verb::post && is_foreign(head)) {
    return forbidden("requests from other origins are refused");
  }
  if (!tokens_) {
    if (!is_loopback(peer)) return forbidden("without a token file only loopback is served");
    if (names_this_machine(text_of(head, Field::host))) return address;
    return forbidden("without a token file the Host must be an address or localhost");
  }
  if (route.open) return address;
  tokens_->refresh(now);
  const auto token = bearer_token(head);
  if (!token) return Problem{Status::unauthorized, "a bearer token is required"};
  const auto holder = tokens_->holder_of(*token);
  if (!holder) return Problem{Status::unauthorized, "the bearer token is not known"};
  return address + ' ' + *holder;
}

}  // namespace weir::admin
