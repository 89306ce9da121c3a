#include "rollout_loop/rollout_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "net/clock.h"
#include "rollout/course.h"
#include "rollout/slow_bound.h"
#include "rollout_loop/changes.h"
#include "rollout_loop/conditions.h"

namespace weir::rollout_loop {
namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr Milliseconds checkpoint_interval{1'000};
const std::string itself = "weir";

}  // namespace

RolloutLoop::RolloutLoop(boost::asio::io_context& control, Publication& publication,
                         StateStore& store, AuditLog& audit, RolloutHistory& history,
                         Poster& poster, std::optional<Kept> handed_over)
    : control_(control),
      publication_(publication),
      store_(store),
      audit_(audit),
      history_(history),
      poster_(poster),
      timer_(control),
      unsaved_(handed_over.has_value()),
      saved_at_(net::now()) {
  auto kept = store.load();
  if (handed_over) {
    states_ = std::move(handed_over->rollouts);  // what was handed over counts
    kept.notices = std::move(handed_over->notices);
  }
  states_.merge(kept.rollouts);
  notices_.restore(std::move(kept.notices));
}

RolloutLoop::Service& RolloutLoop::enter(const ServicePlan& plan,
                                         std::shared_ptr<const Plan> owner) {
  const auto index = indices_.try_emplace(plan.name, indices_.size()).first->second;
  auto& state = states_[plan.name];
  if (state.epoch == 0) state.stable = plan.stable;
  if (rollout::find_place(state, plan.rollout)) {
    unsaved_ = true;
    spdlog::info("{}: its steps changed: the rollout, {} at {}, is in step {} of {} now", plan.name,
                 rollout::name_of(state.phase), percent_text(state.weight), state.step + 1,
                 plan.rollout.steps.size());
  }
  const auto found = services_.find(plan.name);
  if (found == services_.end()) {
    const auto counts = publication_.counts(index);
    const std::shared_ptr<const ServicePlan> shared(std::move(owner), &plan);
    Service fresh{shared,
                  index,
                  state,
                  rollout::GuardPanel(plan.rollout),
                  {},
                  {},
                  ServiceEvidence(plan, counts),
                  LoadMeter(counts, net::now()),
                  counts,
                  {},
                  {},
                  HookCalls(control_, poster_)};
    auto& entered = services_.emplace(plan.name, std::move(fresh)).first->second;
    measure(entered, net::now());
    if (const auto slowness = slowness_of(entered)) {
      entered.guards.measure_anew(plan.rollout, *slowness);
    }
    recall(entered);
    return entered;
  }
  auto& service = found->second;
  service.state = state;
  const bool ruled_anew = service.plan->rollout != plan.rollout;
  service.plan = std::shared_ptr<const ServicePlan>(std::move(owner), &plan);
  measure(service, net::now());
  if (ruled_anew) {
    begin_evidence(service);
    service.hooks.forget();
  }
  return service;
}

void RolloutLoop::recall(Service& service) {
  const auto* known = history_.open(service.plan->name, service.state);
  if (known == nullptr) return;
  service.seen = known->seen;
  service.last = known->last;
  if (known->ended) service.assessments = known->guards;
}

boost::asio::awaitable<void> RolloutLoop::apply(std::shared_ptr<const Plan> plan, ViewOf view_of) {
  std::vector<std::string> order;
  std::set<std::string_view> kept;
  history_.keep(plan->state.history);
  for (const auto& service : plan->services) {
    kept.insert(service.name);
    auto& entered = enter(service, plan);
    for (const auto version : both_versions) {
      entered.pools[version] = view_of(service.name, version);
    }
    order.push_back(service.name);
  }
  std::erase_if(services_, [&](const auto& entry) { return !kept.contains(entry.first); });
  by_index_.assign(indices_.size(), nullptr);
  for (auto& [name, service] : services_) by_index_[service.index] = &service;
  order_ = std::move(order);
  hosts_ = std::make_shared<const routing::HostIndex>(plan->services);
  plan_ = std::move(plan);
  notices_.follow(plan_);
  wake();
  publish();
  co_await publication_.settled();
}

void RolloutLoop::pool_changed(const std::string& service, Version version, PoolViewPtr view) {
  const auto found = services_.find(service);
  if (found == services_.end()) return;
  found->second.pools[version] = std::move(view);
  if (std::exchange(publish_asked_, true)) return;
  boost::asio::post(control_, [this] { publish(); });  // many pools, one snapshot
}

boost::asio::awaitable<void> RolloutLoop::run() {
  while (!stopped_) {
    timer_.expires_after(any_in_progress() ? tick : checkpoint_interval);
    co_await timer_.async_wait(as_result);
    if (suspended_) continue;
    const auto now = net::now();
    gather(now);
    for (auto& [name, service] : services_) tick_service(service, now);
    checkpoint(now);
    history_.write_next(now);
  }
}

bool RolloutLoop::any_in_progress() const noexcept {
  return std::any_of(services_.begin(), services_.end(),
                     [](const auto& entry) { return entry.second.state.in_progress(); });
}

void RolloutLoop::stop() {
  stopped_ = true;
  timer_.cancel();
  if ((unsaved_ || plan_) && !suspended_) save_all();
}

void RolloutLoop::save_all() {
  unsaved_ = !save({}, {});
  for (const auto& [name, service] : services_) {
    if (service.state.in_progress()) history_.note_seen(name, service.seen);
  }
  history_.write_all();
}

Kept RolloutLoop::hand_over() {
  save_all();
  suspended_ = true;
  return {states_, notices_.waiting()};
}

void RolloutLoop::save_notices() {
  if (!suspended_ && !save({}, {})) unsaved_ = true;
}

// All counters first: a failure that is in them is then among those drained.
void RolloutLoop::gather(Instant now) {
  constexpr std::uint64_t turns = 50;  // a second's ticks: one for each of the idle services
  const auto turn = ticks_++ % turns;
  const bool resting = !any_in_progress();
  for (auto& [name, service] : services_) {
    const bool in_turn = resting || service.index % turns == turn;
    if (service.state.in_progress() || in_turn) count(service, now);
  }
  publication_.drain_failures([&](const outcomes::Failure& failure) {
    auto* service = find(failure.service, failure.epoch);
    if (service != nullptr) service->evidence.note(failure, now);
  });
  publication_.drain_samples([this](const outcomes::FoundSample& found) {
    auto* service = find(found.service, found.epoch);
    if (service == nullptr || !service->state.in_progress()) return;
    const bool stable = found.version == service->state.stable;
    (stable ? service->seen.stable : service->seen.canary).add(found.request);
  });
}

RolloutLoop::Service* RolloutLoop::find(std::size_t index, std::uint64_t epoch) {
  auto* service = index < by_index_.size() ? by_index_[index] : nullptr;
  return service != nullptr && service->state.epoch == epoch ? service : nullptr;
}

void RolloutLoop::count(Service& service, Instant now) {
  const auto counts = publication_.counts(service.index);
  service.load.read(counts, now);
  measure(service, now);
  if (service.state.in_progress()) {
    service.evidence.read(counts);
  } else {
    service.evidence.read_idle(counts, service.state.stable, now);
  }
}

void RolloutLoop::measure(Service& service, Instant now) {
  if (!measures_latency(*service.plan)) return;
  for (const auto version : both_versions) {
    service.evidence.read(version, publication_.latencies(service.index, version), now);
  }
}

rollout::Conditions RolloutLoop::conditions_now(const Service& service) {
  auto conditions =
      conditions_of(*service.plan, service.pools, service.load.per_second(), net::wall_clock());
  const bool wanted = measures_latency(*service.plan) && !service.state.slower_than;
  if (wanted || !service.state.in_progress()) {
    conditions.stable_p95 = service.evidence.p95_of(service.state.stable);
  }
  return conditions;
}

void RolloutLoop::tick_service(Service& service, Instant now) {
  const auto& policy = service.plan->rollout;
  const bool guarded = service.state.in_progress();
  const bool told =
      !service.state.warm_until && rollout::hooks_ahead(service.state, policy).empty();
  if (!guarded && told) return;
  auto evidence = guarded ? look(service, now) : rollout::Evidence{};
  evidence.conditions = conditions_now(service);
  evidence.hooks = service.hooks.reports();
  auto decision = rollout::decide(service.state, policy, evidence, now);
  const bool stays = decision.transitions.empty();
  const auto asks = std::move(decision.asks);
  adopt(service, std::move(decision), itself);
  if (stays) service.hooks.ask(asks, *service.plan, service.state);
}

rollout::Evidence RolloutLoop::look(Service& service, Instant now) {
  const auto observation = service.evidence.observe(service.state);
  service.seen.stable.counts += observation.stable;
  service.seen.canary.counts += observation.canary;
  const auto& pool = *service.pools[service.state.canary()];
  service.guards.observe(observation, health_of(pool), now);
  service.assessments = service.guards.assess(now);
  return {service.assessments, observation.canary.requests, {}, {}};
}

void RolloutLoop::checkpoint(Instant now) {
  if (now - saved_at_ < checkpoint_interval) return;
  const bool holding = std::any_of(services_.begin(), services_.end(), [](const auto& entry) {
    return entry.second.state.phase == rollout::Phase::progressing;
  });
  if (holding || unsaved_) unsaved_ = !save({}, {}) && unsaved_;
}

std::shared_ptr<const routing::ServiceRoute> RolloutLoop::route_of(const Service& service) const {
  auto route = std::make_shared<routing::ServiceRoute>();
  route->index = service.index;
  route->plan = service.plan;
  route->epoch = service.state.epoch;
  route->stable = service.state.stable;
  route->weight = service.state.weight;
  route->pools = service.pools;
  route->slower_than = rollout::slow_bound(service.state, service.plan->rollout);
  route->measures_latency = measures_latency(*service.plan);
  return route;
}

void RolloutLoop::publish() {
  publish_asked_ = false;
  auto snapshot = std::make_shared<routing::RoutingSnapshot>();
  snapshot->plan = plan_;
  snapshot->hosts = hosts_;
  for (const auto& name : order_) {
    snapshot->services.push_back(route_of(services_.find(name)->second));
  }
  publication_.publish(std::move(snapshot));
}

std::optional<ServiceStatus> RolloutLoop::status(std::string_view name) const {
  const auto found = services_.find(name);
  if (found == services_.end()) return std::nullopt;
  const auto& service = found->second;
  ServiceStatus status;
  status.service = service.plan->name;
  status.state = service.state;
  status.policy = service.plan->rollout;
  status.held = rollout::held_for(service.state, net::now());
  status.driver_silence = rollout::driver_silence(service.state, status.policy, net::now());
  status.guards = service.assessments;
  status.conditions = conditions_now(service);
  status.freeze = rollout::freeze_at(status.policy.freeze, status.conditions.wall_clock);
  status.counts = publication_.counts(service.index);
  for (const auto version : both_versions) {
    status.rollout_counts[version] = status.counts[version] - service.at_start[version];
  }
  status.active = publication_.active(service.index);
  status.repeated_failures = service.evidence.repeated();
  status.keys_overflowed = service.evidence.overflows();
  status.seen = service.seen;
  status.last = service.last;
  status.pools = service.pools;
  status.persist_error = persist_error_;
  status.hooks_asked = service.hooks.unanswered();
  status.hook_counts = service.hooks.counts();
  status.notices = notices_.waiting_of(service.plan->name);
  if (service.plan->mirror.on()) {
    status.mirror = {service.plan->mirror.share, publication_.mirrored(service.index)};
  }
  return status;
}

std::vector<std::string> RolloutLoop::services() const { return order_; }

}  // namespace weir::rollout_loop
