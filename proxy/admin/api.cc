#include "admin/api.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>
#include <variant>

#include "admin/action_body.h"
#include "admin/answers.h"
#include "admin/head_rules.h"
#include "admin/openapi.h"
#include "admin/status_json.h"

namespace weir::admin {
namespace {

constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

std::string_view target_of(const RequestHead& head) {
  return {head.target().data(), head.target().size()};
}

std::string what_was_asked(const RequestHead& head) {
  const auto method = head.method_string();
  return std::string(method.data(), method.size()) + ' ' + std::string(path_of(target_of(head)));
}

bool is_probe(const Route& route) {
  return route.operation == Operation::health || route.operation == Operation::readiness;
}

Response nothing_here(std::string detail) {
  return make_response(Problem{Status::not_found, std::move(detail)});
}

Response not_served(const Destination& destination) {
  if (destination.allow.empty()) return nothing_here("there is nothing here; see /openapi.json");
  auto response =
      make_response(Problem{Status::method_not_allowed, "this path answers " + destination.allow});
  response.set(Field::allow, destination.allow);
  return response;
}

Response readiness(bool ready) {
  return ready ? make_response(Status::ok, "text/plain", "ready\n")
               : make_response(Status::service_unavailable, "text/plain", "not ready\n");
}

// A server's own failure may be over the next time: that answer is not kept.
bool is_final(const Response& response) { return response.result_int() < 500; }

}  // namespace

Api::Api(rollout_loop::RolloutLoop& loop, Access& access, const MetricsPage& page, Health ready)
    : loop_(loop),
      access_(access),
      page_(page),
      ready_(std::move(ready)),
      document_(boost::json::serialize(openapi_document())) {}

Admission Api::refuse(const RequestHead& head, const std::string& who, Admission admission,
                      const Problem& problem) {
  ++requests_refused_;
  loop_.audit().refused(who, admission.service, what_was_asked(head),
                        static_cast<int>(problem.status), problem.detail);
  admission.refusal = make_response(problem);
  return admission;
}

Admission Api::admit(const RequestHead& head, const IpAddress& peer, Instant now) {
  auto destination = find_route(head.method(), path_of(target_of(head)));
  Admission admission{destination.route, destination.service, {}, {}};
  if (admission.route == nullptr) {
    admission.refusal = not_served(destination);
    return admission;
  }
  auto caller = access_.admit(head, peer, *admission.route, now);
  if (const auto* problem = std::get_if<Problem>(&caller)) {
    return refuse(head, peer.text(), std::move(admission), *problem);
  }
  admission.who = std::get<std::string>(std::move(caller));
  if (admission.route->operation == Operation::stream_events) {
    const auto service = query_value(target_of(head), "service");
    if (service && !loop_.status(*service)) {
      admission.refusal = make_response(unknown_service(*service));
    }
  }
  return admission;
}

Admission Api::admit_probe(const RequestHead& head) {
  const auto destination = find_route(head.method(), path_of(target_of(head)));
  const auto* route = destination.route;
  Admission admission{route, {}, {}, {}};
  if (route == nullptr || !is_probe(*route)) {
    admission.refusal = nothing_here("this port answers GET /readyz and GET /healthz");
  }
  return admission;
}

boost::asio::awaitable<Response> Api::answer(Request request, Admission admission) {
  switch (admission.route->operation) {
    case Operation::health:
      co_return make_response(Status::ok, "text/plain", "ok\n");
    case Operation::readiness:
      co_return readiness(ready_());
    case Operation::metrics:
      co_return co_await show_metrics();
    case Operation::document:
      co_return make_response(Status::ok, "application/json", document_);
    case Operation::list_services:
      co_return list_services();
    case Operation::show_rollout:
      co_return show_rollout(admission.service);
    case Operation::show_history:
      co_return show_history(admission.service);
    case Operation::act:
      co_return co_await act(std::move(request), std::move(admission));
    case Operation::stream_events:
      break;
  }
  co_return make_response(Problem{Status::not_implemented, "events are only streamed"});
}

boost::asio::awaitable<Response> Api::show_metrics() const {
  auto text = co_await page_.text();
  co_return make_response(Status::ok, metrics_type, std::move(text));
}

Response Api::list_services() const {
  boost::json::array services;
  for (const auto& name : loop_.services()) {
    if (const auto status = loop_.status(name)) services.push_back(to_json(*status));
  }
  return make_response(Status::ok, boost::json::object{{"services", std::move(services)}});
}

Response Api::show_rollout(const std::string& service) const {
  const auto status = loop_.status(service);
  return status ? show(*status) : make_response(unknown_service(service));
}

Response Api::show_history(const std::string& service) const {
  if (!loop_.status(service)) return make_response(unknown_service(service));
  return make_response(Status::ok, to_json(loop_.history(), service));
}

boost::asio::awaitable<Response> Api::act(Request request, Admission admission) {
  auto action = read_action(*admission.route->action, request.body());
  if (const auto* problem = std::get_if<Problem>(&action)) co_return make_response(*problem);
  const auto if_epoch = read_if_match(request);
  if (const auto* problem = std::get_if<Problem>(&if_epoch)) co_return make_response(*problem);
  const auto key = read_idempotency_key(request);
  if (const auto* problem = std::get_if<Problem>(&key)) co_return make_response(*problem);
  auto& wanted = std::get<rollout::ActionRequest>(action);
  const auto epoch = std::get<0>(if_epoch);
  const auto& replay_key = std::get<0>(key);
  if (!replay_key) {
    co_return co_await carry_out(std::move(wanted), epoch, std::move(admission));
  }
  wanted.key = *replay_key;
  const auto path = path_of(target_of(request));
  ReplayLog::Entry entry{*replay_key, std::string(path) + '\n' + request.body()};
  co_return co_await act_once(std::move(entry), std::move(wanted), epoch, std::move(admission));
}

boost::asio::awaitable<Response> Api::act_once(ReplayLog::Entry entry,
                                               rollout::ActionRequest action,
                                               std::optional<std::uint64_t> if_epoch,
                                               Admission admission) {
  using Found = ReplayLog::Found;
  Response answer;
  const auto found = replays_.begin(entry, answer);
  if (found == Found::answered) {
    answer.set("Idempotent-Replayed", "true");
    co_return answer;
  }
  if (found == Found::different) {
    co_return make_response(
        Problem{Status::unprocessable_entity, "this key was used for another request"});
  }
  if (found == Found::in_flight) {
    co_return make_response(
        Problem{Status::conflict, "the request with this key is still being carried out"});
  }
  try {
    answer = co_await carry_out(std::move(action), if_epoch, std::move(admission));
  } catch (...) {
    replays_.forget(entry);
    throw;
  }
  if (is_final(answer)) {
    replays_.finish(entry, answer);
  } else {
    replays_.forget(entry);
  }
  co_return answer;
}

boost::asio::awaitable<Response> Api::carry_out(rollout::ActionRequest action,
                                                std::optional<std::uint64_t> if_epoch,
                                                Admission admission) {
  using Kind = rollout_loop::ActionResult::Kind;
  const auto name = rollout::name_of(action.action);
  const auto result =
      co_await loop_.act(admission.service, std::move(action), if_epoch, admission.who);
  auto response = answer_of(result);
  if (result.kind == Kind::refused || result.kind == Kind::stale_epoch) {
    loop_.audit().refused(admission.who, admission.service, name,
                          static_cast<int>(response.result_int()), result.message);
  }
  co_return response;
}

}  // namespace weir::admin
