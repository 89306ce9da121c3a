#include "upstream/watched_pool.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "net/clock.h"
#include "net/listener.h"

namespace weir::upstream {
namespace {

bool same_view(const PoolView& a, const PoolView& b) {
  return a.endpoints == b.endpoints && a.candidates == b.candidates && a.panic == b.panic;
}

std::string address_text(const IpAddress& address, std::uint16_t port) {
  const auto host = address.is_v4() ? address.text() : "[" + address.text() + "]";
  return host + ":" + std::to_string(port);
}

/// Takes the first element that fits out of `from`; null where none does.
template <class T, class Fits>
std::unique_ptr<T> take_out(std::vector<std::unique_ptr<T>>& from, Fits fits) {
  const auto found = std::ranges::find_if(
      from, [&](const auto& element) { return element != nullptr && fits(*element); });
  return found == from.end() ? nullptr : std::move(*found);
}

}  // namespace

WatchedPool::WatchedPool(PoolSurroundings& surroundings, std::string label, OnChange on_change)
    : surroundings_(surroundings),
      label_(std::move(label)),
      on_change_(std::move(on_change)),
      board_(plan_.ejection),
      release_timer_(surroundings.context),
      running_(std::make_shared<bool>(true)),
      view_(std::make_shared<const PoolView>()) {}

void WatchedPool::apply(const PoolPlan& plan, std::shared_ptr<const net::TlsClient> tls) {
  if (published_ && plan == plan_ && tls == tls_) return;
  const bool other_pace = plan.resolve_interval != plan_.resolve_interval;
  plan_ = plan;
  tls_ = std::move(tls);
  board_.adopt(plan.ejection);
  std::vector<std::unique_ptr<Source>> sources;
  for (const auto& name : plan.endpoints) {
    auto source = take_source(name);
    if (other_pace) source->watch.reset();
    sources.push_back(std::move(source));
  }
  sources_ = std::move(sources);
  for (const auto& source : sources_) watch_name(*source);
  refresh_members();
}

std::unique_ptr<WatchedPool::Source> WatchedPool::take_source(const EndpointName& name) {
  auto known = take_out(sources_, [&](const Source& source) { return source.name == name; });
  if (known) return known;
  auto source = std::make_unique<Source>();
  source->name = name;
  if (const auto literal = IpAddress::parse(name.host)) source->known = KnownAddresses(*literal);
  return source;
}

void WatchedPool::watch_name(Source& source) {
  if (source.watch || IpAddress::parse(source.name.host)) return;
  source.watch = std::make_unique<NameWatch>(
      surroundings_.context, source.name.host, plan_.resolve_interval, surroundings_.resolve,
      [this, &source](const Resolution& resolution) { learned(source, resolution); });
}

void WatchedPool::learned(Source& source, const Resolution& resolution) {
  source.answered = true;
  const bool was_failing = source.known.failing();
  const bool changed = source.known.learn(resolution);
  const bool failing = source.known.failing();
  if (failing) ++dns_failures_;
  if (failing && !was_failing) {
    spdlog::warn("{}: cannot resolve {} ({}); {} known addresses stay", label_, source.name.host,
                 resolution.error ? resolution.error.message() : "no addresses",
                 source.known.addresses().size());
  }
  if (was_failing && !failing) spdlog::info("{}: {} resolves again", label_, source.name.host);
  if (changed) refresh_members();
}

void WatchedPool::refresh_members() {
  Members members;
  for (const auto& source : sources_) {
    for (const auto& address : source->known.addresses()) {
      const auto port = source->name.port;
      const bool twice = std::ranges::any_of(members, [&](const auto& member) {
        return member->address == address && member->port == port;
      });
      if (twice) continue;
      members.push_back(take_member(address, port));
      members.back()->name = source->name.host;
      keep_checked(*members.back(), source->name, members.size() - 1);
    }
  }
  members_ = std::move(members);
  publish();
  board_.retain(view_->endpoints);
}

std::unique_ptr<WatchedPool::Member> WatchedPool::take_member(const IpAddress& address,
                                                              std::uint16_t port) {
  auto known = take_out(members_, [&](const Member& member) {
    return member.address == address && member.port == port;
  });
  if (known) return known;
  auto member = std::make_unique<Member>();
  member->id = ++surroundings_.last_id;
  member->address = address;
  member->port = port;
  return member;
}

void WatchedPool::keep_checked(Member& member, const EndpointName& name, std::size_t position) {
  const auto& check = plan_.check;
  if (check.kind == HealthCheck::Kind::none) {
    member.check.reset();
    member.checked = {};
    member.last_check.clear();
    return;
  }
  CheckTarget target{net::endpoint_of(member.address, member.port),
                     host_field_of(check, name),
                     check,
                     plan_.tls.has_value(),
                     tls_,
                     member.name};
  if (member.check && same_probe(member.target, target)) return;
  member.target = target;
  member.check = std::make_unique<RepeatingCheck>(
      surroundings_.context, surroundings_.pace, std::move(target),
      first_check_after(position, check.interval), surroundings_.random(),
      [this, &member](const CheckResult& result) { check_finished(member, result); });
}

void WatchedPool::check_finished(Member& member, const CheckResult& result) {
  member.last_check = result.reason;
  if (!result.passed) ++checks_failed_;
  if (!member.checked.record(result.passed, plan_.check)) return;
  spdlog::log(result.passed ? spdlog::level::info : spdlog::level::warn, "{}: {} is {} ({})",
              label_, address_text(member.address, member.port),
              result.passed ? "healthy" : "unhealthy", result.reason);
  publish();
}

EndpointHealth WatchedPool::health_of(const Member& member) const {
  const auto checked = member.checked.health();
  if (checked == EndpointHealth::unhealthy) return checked;
  return board_.is_ejected(member.id) ? EndpointHealth::ejected : checked;
}

void WatchedPool::publish() {
  std::vector<Endpoint> endpoints;
  for (const auto& member : members_) {
    endpoints.push_back(
        {member->id, member->address, member->port, health_of(*member), member->name});
  }
  auto view = make_pool_view(std::move(endpoints), plan_);
  if (published_ && same_view(*view_, view)) return;
  if (view.panic != view_->panic) {
    spdlog::warn("{}: {}, {} of {} endpoints are usable", label_,
                 view.panic ? "panic: requests go to all" : "panic is over", view.healthy,
                 view.endpoints.size());
  }
  view_ = std::make_shared<const PoolView>(std::move(view));
  published_ = true;
  on_change_(view_);
}

void WatchedPool::report_failures(EndpointId endpoint) {
  if (!*running_ || !board_.propose(endpoint, view_->endpoints, net::now())) return;
  for (const auto& member : members_) {
    if (member->id != endpoint) continue;
    spdlog::warn("{}: {} is ejected after failures in a row", label_,
                 address_text(member->address, member->port));
  }
  publish();
  await_release();
}

void WatchedPool::await_release() {
  const auto next = board_.next_release();
  if (!next) return;
  release_timer_.expires_at(*next);
  release_timer_.async_wait([this, running = running_](const net::error_code& error) {
    if (!error && *running) release_due();
  });
}

void WatchedPool::release_due() {
  for (const auto id : board_.release(net::now())) {
    spdlog::info("{}: endpoint {} is back from its ejection", label_, id);
  }
  publish();
  await_release();
}

void WatchedPool::stop() {
  *running_ = false;
  release_timer_.cancel();
  for (const auto& source : sources_) source->watch.reset();
  for (const auto& member : members_) member->check.reset();
}

bool WatchedPool::looked_at() const {
  const bool answered = std::ranges::all_of(
      sources_, [](const auto& source) { return source->answered || !source->watch; });
  return answered && std::ranges::all_of(members_, [](const auto& member) {
           return !member->check || !member->last_check.empty();
         });
}

PoolStatus WatchedPool::totals() const {
  PoolStatus status;
  status.healthy = view_->healthy;
  status.total = static_cast<std::uint32_t>(members_.size());
  status.ejected = board_.ejected();
  status.panic = view_->panic;
  status.ejections_total = board_.ejections_total();
  status.ejections_refused_total = board_.refusals_total();
  status.checks_failed_total = checks_failed_;
  status.dns_failures_total = dns_failures_;
  return status;
}

PoolStatus WatchedPool::status() const {
  auto status = totals();
  for (const auto& member : members_) {
    status.endpoints.push_back(
        {member->id, member->address.text(), member->port, health_of(*member), member->last_check});
  }
  return status;
}

}  // namespace weir::upstream
