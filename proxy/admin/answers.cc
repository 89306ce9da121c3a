#include "admin/answers.h"

#include <algorithm>
#include <charconv>

#include "admin/status_json.h"

namespace weir::admin {
namespace {

using rollout_loop::ActionResult;
using rollout_loop::ServiceStatus;

std::string tag_of(const ServiceStatus& status) {
  return '"' + std::to_string(status.state.epoch) + '"';
}

Response tagged(Response response, const ServiceStatus& status) {
  response.set(Field::etag, tag_of(status));
  return response;
}

Response not_done(Status status, const ActionResult& result) {
  Problem problem{status, result.message};
  if (!result.status) return make_response(problem);
  const auto& state = result.status->state;
  problem.more = {{"phase", rollout::name_of(state.phase)}, {"epoch", state.epoch}};
  return tagged(make_response(problem), *result.status);
}

Response done(const ServiceStatus& status, bool changed) {
  auto body = to_json(status);
  body["changed"] = changed;
  return tagged(make_response(Status::ok, boost::json::value(std::move(body))), status);
}

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

Response show(const ServiceStatus& status) {
  return tagged(make_response(Status::ok, boost::json::value(to_json(status))), status);
}

Response answer_of(const ActionResult& result) {
  using Kind = ActionResult::Kind;
  switch (result.kind) {
    case Kind::done:
      return done(*result.status, true);
    case Kind::unchanged:
      return done(*result.status, false);
    case Kind::unknown_service:
      return not_done(Status::not_found, result);
    case Kind::refused:
      return not_done(Status::conflict, result);
    case Kind::stale_epoch:
      return not_done(Status::precondition_failed, result);
    case Kind::not_persisted:
    case Kind::handed_over:
      return not_done(Status::service_unavailable, result);
  }
  return not_done(Status::internal_server_error, result);
}

Problem unknown_service(std::string_view name) {
  return {Status::not_found, "no service is named '" + std::string(name) + "'"};
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
