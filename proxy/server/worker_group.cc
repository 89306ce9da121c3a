#include "server/worker_group.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <random>
#include <thread>

namespace weir::server {
namespace {

std::uint32_t worker_count(const Plan& plan) {
  return plan.workers != 0 ? plan.workers : std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t fresh_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

void grow_tally(std::vector<std::unique_ptr<outcomes::ServiceTally>>& tallies,
                const routing::ServiceRoute& service) {
  while (tallies.size() <= service.index) {
    tallies.push_back(std::make_unique<outcomes::ServiceTally>());
  }
  auto& mirror = tallies[service.index]->mirror;
  if (service.plan->mirror.on() && !mirror) {
    mirror = std::make_unique<PerVersion<outcomes::MirrorTally>>();
  }
}

}  // namespace

WorkerGroup::WorkerGroup(boost::asio::io_context& control, const Plan& plan,
                         const forwarding::EndpointFailed& endpoint_failed)
    : control_(control), settled_(control, Instant::max()) {
  const auto count = worker_count(plan);
  const auto to_control = [&control, endpoint_failed](const std::string& service, Version version,
                                                      EndpointId endpoint) {
    boost::asio::post(control, [=] { endpoint_failed(service, version, endpoint); });
  };
  const auto crew = std::make_shared<forwarding::Crew>(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    lanes_.push_back(std::make_unique<Lane>(
        i, forwarding::ForwardingWorker::Setup{crew, plan.log.queue, fresh_seed(), to_control,
                                               occupancy_, refusal_log_, access_bell_}));
  }
  taken_up_.resize(count, 0);
}

WorkerGroup::~WorkerGroup() { stop(); }

void WorkerGroup::start() {
  for (auto& lane : lanes_) lane->worker.start();
}

void WorkerGroup::grow_tallies(const routing::RoutingSnapshot& snapshot) {
  for (const auto& service : snapshot.services) {
    for (auto& lane : lanes_) grow_tally(lane->tallies, *service);
  }
}

void WorkerGroup::publish(std::shared_ptr<const routing::RoutingSnapshot> snapshot) {
  grow_tallies(*snapshot);
  latest_ = snapshot;
  snapshots_.push_back(std::move(snapshot));
  tell();
}

/// A worker takes news up with its next request, without waiting for what it has queued; the
/// message is for those without one, and says when all have.
void WorkerGroup::tell() {
  const auto publication = ++published_;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& lane = *lanes_[i];
    forwarding::News news{latest_, {}, clients_, sticky_};
    for (const auto& tally : lane.tallies) news.tallies.push_back(tally.get());
    lane.forwarding.tell(std::make_unique<forwarding::News>(std::move(news)));
    boost::asio::post(lane.worker.context(), [this, i, publication] {
      lanes_[i]->forwarding.take_up_news();
      boost::asio::post(control_, [this, i, publication] { taken_up(i, publication); });
    });
  }
}

void WorkerGroup::release_unused() {
  const auto unused = std::partition(snapshots_.begin(), snapshots_.end(),
                                     [](const auto& each) { return each.use_count() > 1; });
  if (unused == snapshots_.end()) return;
  decltype(snapshots_) released(std::make_move_iterator(unused),
                                std::make_move_iterator(snapshots_.end()));
  snapshots_.erase(unused, snapshots_.end());
  boost::asio::post(disposal_, [released = std::move(released)]() mutable { released.clear(); });
}

void WorkerGroup::taken_up(std::size_t lane, std::uint64_t publication) {
  taken_up_[lane] = publication;
  settled_.cancel();
}

bool WorkerGroup::all_taken_up() const noexcept {
  return std::all_of(taken_up_.begin(), taken_up_.end(),
                     [this](std::uint64_t taken) { return taken >= published_; });
}

boost::asio::awaitable<void> WorkerGroup::settled() {
  while (!all_taken_up()) {
    co_await settled_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

PerVersion<outcomes::Counts> WorkerGroup::counts(std::size_t index) const {
  PerVersion<outcomes::Counts> sum;
  for (const auto& lane : lanes_) {
    if (index >= lane->tallies.size()) continue;
    for (const auto version : both_versions)
      sum[version] += lane->tallies[index]->versions[version].read();
  }
  return sum;
}

outcomes::LatencySpread WorkerGroup::latencies(std::size_t index, Version version) const {
  outcomes::LatencySpread sum;
  for (const auto& lane : lanes_) {
    if (index < lane->tallies.size()) sum += lane->tallies[index]->versions[version].latencies();
  }
  return sum;
}

PerVersion<std::uint64_t> WorkerGroup::active(std::size_t index) const {
  PerVersion<std::uint64_t> sum;
  for (const auto& lane : lanes_) {
    if (index >= lane->tallies.size()) continue;
    for (const auto version : both_versions) {
      sum[version] += lane->tallies[index]->versions[version].active();
    }
  }
  return sum;
}

PerVersion<outcomes::MirrorCounts> WorkerGroup::mirrored(std::size_t index) const {
  PerVersion<outcomes::MirrorCounts> sum;
  for (const auto& lane : lanes_) {
    if (index >= lane->tallies.size() || !lane->tallies[index]->mirror) continue;
    const auto& mirror = *lane->tallies[index]->mirror;
    for (const auto version : both_versions) sum[version] += mirror[version].read();
  }
  return sum;
}

void WorkerGroup::drain_failures(const TakeFailure& take) {
  for (const auto& lane : lanes_) lane->forwarding.failures().drain(take);
}

void WorkerGroup::drain_samples(const TakeSample& take) {
  for (const auto& lane : lanes_) lane->forwarding.samples().drain(take);
}

std::uint64_t WorkerGroup::samples_lost() const noexcept {
  std::uint64_t lost = 0;
  for (const auto& lane : lanes_) lost += lane->forwarding.samples().lost();
  return lost;
}

std::uint64_t WorkerGroup::failures_lost() const noexcept {
  std::uint64_t lost = 0;
  for (const auto& lane : lanes_) lost += lane->forwarding.failures().lost();
  return lost;
}

void WorkerGroup::install(std::shared_ptr<const net::TlsClients> clients,
                          std::shared_ptr<const net::StickySecrets> sticky) {
  clients_ = std::move(clients);
  sticky_ = std::move(sticky);
  tell();
}

void WorkerGroup::on_each(const std::function<void(forwarding::ForwardingWorker&)>& visit) {
  for (auto& lane : lanes_) {
    boost::asio::post(lane->worker.context(), [visit, &lane] { visit(lane->forwarding); });
  }
}

void WorkerGroup::drain() {
  on_each([](forwarding::ForwardingWorker& worker) { worker.drain(); });
}

void WorkerGroup::close_idle() {
  on_each([](forwarding::ForwardingWorker& worker) { worker.close_idle(); });
}

void WorkerGroup::close_all() {
  on_each([](forwarding::ForwardingWorker& worker) { worker.close_all(); });
}

std::vector<std::uint64_t> WorkerGroup::clients_by_worker() const {
  std::vector<std::uint64_t> clients;
  for (const auto& lane : lanes_) clients.push_back(lane->forwarding.clients());
  return clients;
}

std::uint64_t WorkerGroup::clients() const noexcept {
  std::uint64_t clients = 0;
  for (const auto& lane : lanes_) clients += lane->forwarding.clients();
  return clients;
}

std::uint64_t WorkerGroup::copies() const noexcept {
  std::uint64_t copies = 0;
  for (const auto& lane : lanes_) copies += lane->forwarding.copies().count();
  return copies;
}

std::uint64_t WorkerGroup::clients_accepted() const noexcept {
  std::uint64_t accepted = 0;
  for (const auto& lane : lanes_) accepted += lane->forwarding.clients_accepted();
  return accepted;
}

WorkerGroup::Handshakes WorkerGroup::handshakes(net::TlsFailure result) const noexcept {
  Handshakes sum;
  for (const auto& lane : lanes_) {
    sum.client += lane->forwarding.client_handshakes().of(result);
    sum.pool += lane->forwarding.pool_handshakes().of(result);
  }
  return sum;
}

WorkerGroup::Handshakes WorkerGroup::resumed() const noexcept {
  Handshakes sum;
  for (const auto& lane : lanes_) {
    sum.client += lane->forwarding.client_handshakes().resumed();
    sum.pool += lane->forwarding.pool_handshakes().resumed();
  }
  return sum;
}

std::uint64_t WorkerGroup::redirects() const noexcept {
  std::uint64_t redirects = 0;
  for (const auto& lane : lanes_) redirects += lane->forwarding.redirects();
  return redirects;
}

void WorkerGroup::stop() {
  for (auto& lane : lanes_) lane->worker.stop();
  for (auto& lane : lanes_) lane->worker.join();
}

}  // namespace weir::server
