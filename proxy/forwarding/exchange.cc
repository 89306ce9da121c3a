#include "forwarding/exchange.h"

#include <algorithm>

#include "http/trace_context.h"

namespace weir::forwarding {
namespace {

outcomes::FoundSample sample_of(const Exchange& x, const outcomes::Outcome& outcome, bool slow) {
  const auto& head = x.client.intake->head;
  outcomes::FoundSample found{x.service.epoch, x.service.index, x.version, {}};
  auto& request = found.request;
  request.unix_ms = net::unix_ms();
  request.latency = std::chrono::duration_cast<std::chrono::microseconds>(outcome.latency);
  request.status = outcome.status;
  request.ending = outcome.ending;
  request.error = outcomes::is_error(outcome);
  request.slow = slow;
  request.method = decltype(request.method)(head.method_text);
  request.path = decltype(request.path)(head.path);
  request.request_id = decltype(request.request_id)(x.request_id);
  request.trace_id = decltype(request.trace_id)(http::trace_id_of(x.traceparent));
  return found;
}

WireTimeouts timeouts_of(const Plan& plan, const routing::ServiceRoute& service) noexcept {
  auto timeouts = plan.timeouts;
  timeouts.response = service.plan->response.value_or(timeouts.response);
  timeouts.per_try = std::min(service.plan->per_try.value_or(timeouts.per_try), timeouts.response);
  return timeouts;
}

WireLimits limits_of(const Plan& plan, const routing::ServiceRoute& service) noexcept {
  auto limits = plan.limits;
  limits.body_bytes = service.plan->body_bytes.value_or(limits.body_bytes);
  return limits;
}

}  // namespace

Exchange::Exchange(ForwardingWorker& owner, ClientConnection& from, const routing::ServiceRoute& to)
    : worker(owner),
      client(from),
      routes(owner.routes()),
      service(to),
      scratch(owner.take_scratch()),
      timeouts(timeouts_of(owner.plan(), to)),
      limits(limits_of(owner.plan(), to)),
      started(owner.now()) {
  worker.client_watch().enter(client);
}

Exchange::~Exchange() {
  client.watched.unlink();
  drop_connection();
  worker.give_back(std::move(scratch));
}

WireLimits Exchange::response_limits() const noexcept {
  auto response_limits = limits;
  response_limits.body_bytes = 0;
  return response_limits;
}

bool Exchange::on_canary() const noexcept {
  return version == service.canary() && service.weight > Weight::none() && !preview;
}

PoolPeer Exchange::peer() const noexcept { return {worker, service, version, *endpoint}; }

outcomes::Tally& Exchange::tally() const noexcept {
  return routes->tallies[service.index]->versions[version];
}

void Exchange::record(outcomes::Ending ending, std::uint16_t answer_status) noexcept {
  latency = worker.now() - started;
  status = answer_status;
  ended = ending;
  const bool slow = service.slower_than && latency > *service.slower_than;
  const outcomes::Outcome outcome{.ending = ending,
                                  .status = answer_status,
                                  .latency = latency,
                                  .preview = preview,
                                  .current_epoch = worker.is_current(service)};
  failed = outcomes::is_error(outcome);
  const bool told = (failed || slow) && service.weight > Weight::none();
  if (told && outcomes::is_evidence(outcome)) {
    worker.failures().push({key, service.epoch, service.index, version, failed, slow});
    if (worker.samples().wants(service.index, version, started + latency)) {
      worker.samples().push(sample_of(*this, outcome, slow));
    }
  }
  if (service.measures_latency && outcomes::is_evidence(outcome)) tally().measure(latency);
  tally().record(outcome, slow);
}

void Exchange::drop_connection() noexcept {
  client.attach(nullptr);
  connection.reset();
  in_flight.reset();
  response_seen = false;
  keep_connection = false;
}

void Exchange::release_connection() {
  if (connection->socket.tls() != nullptr) remember_session(peer(), connection->socket);
  if (keep_connection) {
    const auto most = service.plan->pools[version].max_idle;
    auto& connections = worker.connections();
    if (!connections.keep(endpoint->id, std::move(connection->socket), most, worker.now())) {
      tally().count_idle_overflow();
    }
  }
  drop_connection();
}

}  // namespace weir::forwarding
