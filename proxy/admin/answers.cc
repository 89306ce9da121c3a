#include "admin/answers.h"

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

}  // namespace weir::admin
