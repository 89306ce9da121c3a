#include "forwarding/forward_request.h"

#include "forwarding/access_entry.h"
#include "forwarding/answer.h"
#include "forwarding/attempt.h"
#include "forwarding/choose_version.h"
#include "forwarding/mirror.h"
#include "forwarding/stream_request.h"

namespace weir::forwarding {
namespace {

using outcomes::Ending;

Ending ending_of(Attempt attempt) noexcept {
  switch (attempt) {
    case Attempt::answered:
      return Ending::answered;
    case Attempt::no_endpoint:
    case Attempt::connect_failed:
      return Ending::connect_failed;
    case Attempt::overflow:
      return Ending::overflow;
    case Attempt::slow:
    case Attempt::timed_out:
      return Ending::timed_out;
    case Attempt::client_gone:
    case Attempt::bad_request:
      return Ending::client_aborted;
    case Attempt::unsent:
    case Attempt::stale:
    case Attempt::reset:
    case Attempt::cut:
    case Attempt::bad_response:
      break;
  }
  return Ending::reset;
}

Refusal refusal_of(Attempt attempt) noexcept {
  switch (attempt) {
    case Attempt::no_endpoint:
      return Refusal::pool_down;
    case Attempt::overflow:
      return Refusal::pool_full;
    case Attempt::connect_failed:
      return Refusal::connect_failed;
    case Attempt::slow:
    case Attempt::timed_out:
      return Refusal::upstream_timeout;
    case Attempt::bad_response:
      return Refusal::upstream_invalid;
    default:
      return Refusal::upstream_reset;
  }
}

bool is_gateway_failure(Attempt attempt, int status) noexcept {
  if (attempt == Attempt::answered) return status >= 502 && status <= 504;
  return attempt == Attempt::connect_failed || attempt == Attempt::reset ||
         attempt == Attempt::slow || attempt == Attempt::cut || attempt == Attempt::timed_out ||
         attempt == Attempt::bad_response;
}

/// Ends of which nobody can say whose they are.
bool says_nothing(Attempt attempt) noexcept {
  return attempt == Attempt::unsent || attempt == Attempt::stale || attempt == Attempt::client_gone;
}

/// Endpoints that fail as often in a row as their pool allows are put up for ejection.
void judge_endpoint(Exchange& x, Attempt attempt) {
  if (x.endpoint == nullptr || says_nothing(attempt)) return;
  auto& seen = x.worker.connections().of(x.endpoint->id);
  if (!is_gateway_failure(attempt, x.scratch->response.status)) {
    seen.consecutive_failures = 0;
    return;
  }
  const auto most = x.service.plan->pools[x.version].ejection.consecutive_failures;
  if (++seen.consecutive_failures < most || most == 0) return;
  seen.consecutive_failures = 0;
  x.worker.endpoint_failed(x.service, x.version, x.endpoint->id);
}

/// One attempt up to the final response head; nothing of it has reached the client.
net::Task<Attempt> attempt_once(Exchange& x, EndpointId avoided, bool fresh) {
  const auto& pool = *x.service.pools[x.version];
  if (!fresh) x.endpoint = x.worker.connections().choose(pool, avoided);
  if (x.endpoint == nullptr) co_return Attempt::no_endpoint;
  auto& load = x.worker.load(x.service, x.version);
  if (!load.enter(x.limits.requests_per_pool)) {
    const bool granted =
        co_await load.wait(x.worker.worker().executor(), x.limits.queue_per_pool, x.timeouts.queue);
    if (!granted) co_return Attempt::overflow;
  }
  x.in_flight.emplace(load, x.worker.connections(), x.endpoint->id,
                      upstream::PoolPlace{x.service.index, x.version});
  if (x.client.left()) co_return Attempt::client_gone;
  ++x.attempts;
  net::Gather rest;
  auto sent = fresh ? std::nullopt : reuse_connection(x, rest);
  if (!sent) sent = co_await send_request(x, rest);
  if (*sent != Attempt::answered) co_return *sent;
  if (!x.client.intake->body.whole_in(x.client.intake->input)) co_return co_await stream_request(x);
  co_return co_await receive_response_head(x);
}

/// What an exchange has used up of the version it is at.
struct Tries {
  bool retried = false;
  std::uint8_t unreached = 0;
};

Situation situation_of(const Exchange& x, Attempt attempt, Tries tries) noexcept {
  return {.attempt = attempt,
          .status = static_cast<std::uint16_t>(
              attempt == Attempt::answered ? x.scratch->response.status : 0),
          .method = x.client.intake->head.method,
          .body_whole = !x.body_streamed,
          .on_canary = x.on_canary(),
          .shield = x.service.plan->shield.enabled,
          .shield_on_500 = x.service.plan->shield.on_500,
          .retried = tries.retried,
          .unreached = tries.unreached};
}

bool is_free(Next next) noexcept { return next == Next::same_again || next == Next::elsewhere; }

bool budget_allows(Exchange& x) {
  if (x.worker.budget(x.service).withdraw(x.worker.now())) return true;
  x.tally().count_budget_exhausted();
  return false;
}

/// Canary's failure is counted against it; stable takes the request over.
void shield(Exchange& x, Attempt attempt) {
  const bool answered = attempt == Attempt::answered;
  x.record(ending_of(attempt),
           static_cast<std::uint16_t>(answered ? x.scratch->response.status
                                               : status_of(refusal_of(attempt))));
  x.tally().count_shielded();
  x.tally().exchange_ended();
  x.shielded = true;
  x.drop_connection();
  x.version = x.service.stable;
  x.tally().exchange_started();
}

/// Tries until there is an answer to relay or nothing more may be tried.
net::Task<Attempt> attempt_all(Exchange& x) {
  Tries tries;
  bool fresh = false;
  EndpointId avoided = 0;
  for (;;) {
    x.impatient = x.timeouts.per_try > Milliseconds(0) &&
                  next_after(situation_of(x, Attempt::slow, tries)) != Next::finish;
    auto attempt = co_await attempt_once(x, avoided, fresh);
    if (x.client.closed() || x.client.left()) attempt = Attempt::client_gone;
    judge_endpoint(x, attempt);
    const auto next = next_after(situation_of(x, attempt, tries));
    if (next == Next::finish) co_return attempt;
    if (!is_free(next) && !budget_allows(x)) co_return attempt;
    fresh = next == Next::same_again;
    avoided = x.endpoint != nullptr ? x.endpoint->id : 0;
    if (next == Next::same_version) tries.retried = true;
    if (next == Next::elsewhere) ++tries.unreached;
    if (next == Next::same_version || next == Next::elsewhere) x.tally().count_retry();
    if (next == Next::stable) {
      tries = {};
      avoided = 0;
      shield(x, attempt);
    }
    x.drop_connection();
  }
}

/// Passes the 101 on. What follows it is a tunnel: the exchange is over (`switched`).
net::Task<> switch_protocols(Exchange& x) {
  const bool sent = co_await relay_switch(x);
  x.keep_client = false;
  x.switched = sent;
  x.record(sent ? Ending::answered : Ending::client_aborted, 101);
  if (!sent) x.drop_connection();
}

/// Answers with what came, or for what did not come.
net::Task<> conclude(Exchange& x, Attempt attempt) {
  if (x.response_started) co_return;  // streamed: the answer is under way already
  if (attempt == Attempt::answered) {
    const auto status = static_cast<std::uint16_t>(x.scratch->response.status);
    if (status == 101) co_return co_await switch_protocols(x);
    const auto ending = co_await relay_response(x);
    if (x.response_started) {
      x.record(ending, status);
      x.release_connection();
      co_return;
    }
    attempt = Attempt::bad_response;
  }
  x.drop_connection();
  if (attempt == Attempt::client_gone) {
    x.keep_client = false;
    x.record(Ending::client_aborted, 0);
    co_return;
  }
  if (attempt == Attempt::bad_request) {
    x.keep_client = false;
    co_await refuse(x.worker, x.client, x.client.intake->body.fault(), x.request_id);
    x.record(Ending::client_aborted,
             static_cast<std::uint16_t>(http::status_of(x.client.intake->body.fault())));
    co_return;
  }
  if (!x.body_streamed) x.keep_client = true;  // its bytes are all still there
  const auto refusal = refusal_of(attempt);
  x.record(ending_of(attempt), static_cast<std::uint16_t>(status_of(refusal)));
  co_await refuse(x, refusal);
}

/// Before any version is chosen. Answers whether the client may go on.
net::Task<bool> turn_away(ForwardingWorker& worker, ClientConnection& client, Refusal refusal) {
  bool keep = true;
  co_await refuse(worker, client, refusal, keep);
  if (keep) client.intake->input.consume(client.intake->head.content_length);
  co_return keep;
}

bool is_too_large(const ForwardingWorker& worker, const ClientConnection& client,
                  const routing::ServiceRoute& service) noexcept {
  const auto most = service.plan->body_bytes.value_or(worker.plan().limits.body_bytes);
  return most != 0 && client.intake->head.content_length > most;
}

net::Task<bool> refuse_too_large(ForwardingWorker& worker, ClientConnection& client) {
  co_await refuse(worker, client, http::Fault::body_too_large);
  co_return false;
}

/// From the choice of a version to the end of its answer. `tunnel`: made where that was a
/// switch of protocols; null where none was asked for.
net::Task<bool> exchange(ForwardingWorker& worker, ClientConnection& client,
                         const routing::ServiceRoute& service, std::optional<Tunnel>* tunnel) {
  Exchange x(worker, client, service);
  client.intake->body.begin(client.intake->head.body, client.intake->head.content_length, x.limits);
  choose_version(x);
  write_request_out(x);
  worker.budget(service).request_seen(x.started);
  x.tally().exchange_started();
  const auto attempt = co_await attempt_all(x);
  co_await conclude(x, attempt);
  x.tally().exchange_ended();
  log_exchange(x);
  if (service.plan->mirror.on()) [[unlikely]]
    mirror(x);
  if (x.switched) tunnel->emplace(x);
  if (!x.body_streamed && x.keep_client)
    client.intake->input.consume(client.intake->head.content_length);
  co_return x.keep_client;
}

/// The same for a request that would switch protocols, and the tunnel it becomes.
net::Task<bool> exchange_and_tunnel(ForwardingWorker& worker, ClientConnection& client,
                                    const routing::ServiceRoute& service) {
  const auto place = worker.place_for_tunnel();
  if (!place) co_return co_await turn_away(worker, client, Refusal::too_many_tunnels);
  std::optional<Tunnel> tunnel;
  const bool keep = co_await exchange(worker, client, service, &tunnel);
  if (!tunnel) co_return keep;
  worker.tunnel_opened(*tunnel);
  co_await relay_tunnel(*tunnel);
  co_return false;
}

}  // namespace

net::Task<bool> forward_request(ForwardingWorker& worker, ClientConnection& client) {
  worker.take_up_news();
  const auto* service =
      worker.routes()->snapshot->find(client.intake->head.host, client.intake->head.path);
  if (service == nullptr) return turn_away(worker, client, Refusal::no_service);
  if (worker.occupancy().memory() == MemoryPressure::critical) {
    return turn_away(worker, client, Refusal::out_of_memory);
  }
  if (is_too_large(worker, client, *service)) return refuse_too_large(worker, client);
  if (client.intake->head.upgrade_requested) return exchange_and_tunnel(worker, client, *service);
  return exchange(worker, client, *service, nullptr);
}

}  // namespace weir::forwarding
