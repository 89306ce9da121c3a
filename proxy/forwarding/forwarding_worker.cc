#include "forwarding/forwarding_worker.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>

#include "forwarding/client_connection.h"
#include "forwarding/relay_body.h"
#include "forwarding/serve_connection.h"

namespace weir::forwarding {

ForwardingWorker::ForwardingWorker(net::Worker& worker, Setup setup)
    : worker_(worker),
      setup_(std::move(setup)),
      connections_(setup_.seed),
      next_look_(worker_.wheel(), &ForwardingWorker::look_after_clients, this),
      tunnels_(setup_.seed),
      access_log_(setup_.access_queue, *setup_.access_bell) {
  setup_.crew->workers.push_back(this);
  boost::asio::co_spawn(worker_.executor(), sweep_idle(), boost::asio::detached);
  next_look_.arm(now() + net::DeadlineWheel::tick);
}

ForwardingWorker::~ForwardingWorker() = default;

void ForwardingWorker::accepted(net::Socket socket, EntrancePtr entrance) {
  accepted_.fetch_add(1, std::memory_order_relaxed);
  const auto seat = setup_.crew->balance.seat(index());
  if (seat == index()) {
    serve(std::move(socket), std::move(entrance));
  } else {
    hand_over(std::move(socket), std::move(entrance), *setup_.crew->workers[seat]);
  }
}

/// The descriptor changes threads; the socket that it is here belongs to this worker's loop.
void ForwardingWorker::hand_over(net::Socket socket, EntrancePtr entrance,
                                 ForwardingWorker& other) {
  net::error_code error;
  const auto protocol = socket.local_endpoint(error).protocol();
  net::Descriptor descriptor(socket.release(error));
  auto arrive = [&other, protocol, descriptor = std::move(descriptor),
                 entrance = std::move(entrance)]() mutable {
    net::Socket arrived(other.worker_.executor());
    net::error_code failed;
    arrived.assign(protocol, descriptor.get(), failed);
    if (failed) return other.setup_.crew->balance.leave(other.index());
    descriptor.release();
    arrived.non_blocking(true, failed);
    other.serve(std::move(arrived), std::move(entrance));
  };
  boost::asio::post(other.worker_.context(), std::move(arrive));
}

void ForwardingWorker::serve(net::Socket socket, EntrancePtr entrance) {
  boost::asio::co_spawn(worker_.executor(),
                        serve_connection(*this, std::move(socket), std::move(entrance)),
                        boost::asio::detached);
}

void ForwardingWorker::install(const News& news) {
  if (news.clients) clients_tls_ = news.clients;
  if (news.sticky && news.sticky != sticky_secrets_) {
    sticky_secrets_ = news.sticky;
    sticky_seals_.clear();
  }
  if (!news.snapshot) return;
  const bool reloaded = routes_ && routes_->snapshot->plan != news.snapshot->plan;
  std::vector<std::uint64_t> epochs(news.tallies.size(), 0);
  std::vector<const routing::ServiceRoute*> by_index(news.tallies.size(), nullptr);
  for (const auto& service : news.snapshot->services) {
    epochs[service->index] = service->epoch;
    by_index[service->index] = service.get();
  }
  routes_ = boost::make_local_shared<const Routes>(
      Routes{news.snapshot, news.tallies, std::move(epochs), std::move(by_index)});
  if (reloaded) budgets_.clear();
  tunnels_.routes_changed(*routes_->snapshot, now());
}

void ForwardingWorker::drain() {
  draining_ = true;
  tunnels_.drain(plan().drain.deadline, now());
  copies_.cut_off();
}

void ForwardingWorker::close_idle() {
  net::error_code ignored;
  for (auto& client : clients_) {
    // A request that is there already, though nobody has looked, would be reset.
    const bool silent = client.idle && client.socket.socket().available(ignored) == 0;
    if (silent) client.socket.cancel(ignored);
  }
}

void ForwardingWorker::close_all() {
  draining_ = true;
  for (auto& client : clients_) client.close();
}

std::uint32_t ForwardingWorker::part_of(std::uint32_t limit) const noexcept {
  return (limit + workers() - 1) / workers();
}

std::optional<Place> ForwardingWorker::place_for_tunnel() noexcept {
  return tunnels_.place(part_of(plan().limits.tunnels));
}

void ForwardingWorker::tunnel_opened(Tunnel& tunnel) {
  tunnels_.enter(tunnel, *routes_->snapshot, now());
}

RetryBudget& ForwardingWorker::budget(const routing::ServiceRoute& service) {
  const auto found = budgets_.find(service.index);
  if (found != budgets_.end()) return found->second;
  RetryBudget fresh(service.plan->retry_budget, workers(), now());
  return budgets_.emplace(service.index, fresh).first->second;
}

bool ForwardingWorker::is_current(const routing::ServiceRoute& service) const noexcept {
  return routes_->epochs[service.index] == service.epoch;
}

void ForwardingWorker::endpoint_failed(const routing::ServiceRoute& service, Version version,
                                       EndpointId endpoint) {
  if (setup_.endpoint_failed) setup_.endpoint_failed(service.plan->name, version, endpoint);
}

std::optional<Refusal> ForwardingWorker::refusal_of(ClientConnection& client) {
  const auto& limits = plan().limits;
  if (occupancy().memory() == MemoryPressure::critical) return Refusal::out_of_memory;
  if (occupancy().connections() > limits.connections) return Refusal::too_many_clients;
  const auto most = limits.connections_per_address;
  if (most == 0 || contains(plan().forwarded.trusted, client.peer)) return std::nullopt;
  if (client.take_place(most)) return std::nullopt;
  return Refusal::too_many_of_client;
}

std::optional<Place> ForwardingWorker::patience_for_refused() noexcept {
  constexpr std::uint32_t most = 64;
  return Place::among(patient_, most);
}

PoolLoad& ForwardingWorker::load(const routing::ServiceRoute& service, Version version) {
  return loads_[service.index][version];
}

StickySeal* ForwardingWorker::sticky_seal(const routing::ServiceRoute& service) {
  if (service.plan->key.secret_file.empty() || !sticky_secrets_) return nullptr;
  const auto made = sticky_seals_.find(service.index);
  if (made != sticky_seals_.end()) return &made->second;
  const auto secret = sticky_secrets_->find(service.plan->name);
  if (secret == sticky_secrets_->end()) return nullptr;  // a configuration without is on its way
  return &sticky_seals_.emplace(service.index, StickySeal(secret->second)).first->second;
}

std::shared_ptr<const net::TlsClient> ForwardingWorker::tls_client(
    const routing::ServiceRoute& service, Version version) const {
  if (!clients_tls_) return nullptr;
  const auto found = clients_tls_->find(service.plan->name);
  return found == clients_tls_->end() ? nullptr : found->second[version];
}

void ForwardingWorker::give_back(std::unique_ptr<Intake> intake) {
  intake->input.release();
  intake->scanner.reset();
  intake->head.clear();
  intakes_.keep(std::move(intake));
}

void ForwardingWorker::give_back(std::unique_ptr<Scratch> scratch) {
  for (auto* buffer : {&scratch->upstream_input, &scratch->upload}) {
    if (buffer->capacity() > relay_window) buffer->release();
  }
  scratch_.keep(std::move(scratch));
}

http::RequestId ForwardingWorker::new_request_id() {
  return http::format_request_id(connections_.random(), connections_.random());
}

bool ForwardingWorker::samples_access_log() noexcept {
  const auto sample = plan().log.access_sample;
  if (sample == Weight::all()) return true;
  return connections_.random() % Weight::whole < sample.basis_points();
}

void ForwardingWorker::entered(ClientConnection& client) {
  clients_.push_back(client);
  setup_.occupancy->entered();
}

void ForwardingWorker::left(ClientConnection& client) {
  clients_.erase(clients_.iterator_to(client));
  setup_.crew->balance.leave(index());
  setup_.occupancy->left();
}

std::optional<Milliseconds> ForwardingWorker::idle_limit(upstream::PoolPlace pool,
                                                         EndpointId endpoint) const {
  const auto* route = routes_->by_index[pool.service];
  if (route == nullptr) return std::nullopt;
  const auto& endpoints = route->pools[pool.version]->endpoints;
  const bool there = std::any_of(endpoints.begin(), endpoints.end(),
                                 [endpoint](const Endpoint& each) { return each.id == endpoint; });
  return there ? std::optional(route->plan->pools[pool.version].idle) : std::nullopt;
}

net::Task<> ForwardingWorker::sweep_idle() {
  constexpr Milliseconds pause{500};
  net::Timer timer(worker_.executor());
  for (;;) {
    timer.expires_after(pause);
    const auto [error] = co_await timer.async_wait(net::as_result);
    if (error) co_return;
    if (!routes_) continue;
    const auto limit_of = [this](upstream::PoolPlace pool, EndpointId endpoint) {
      return idle_limit(pool, endpoint);
    };
    connections_.sweep(limit_of, now());
  }
}

void ForwardingWorker::look_after_clients(void* self) {
  auto& worker = *static_cast<ForwardingWorker*>(self);
  worker.client_watch_.look();
  worker.next_look_.arm(worker.now() + net::DeadlineWheel::tick);
}

}  // namespace weir::forwarding
