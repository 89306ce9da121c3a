#include "upstream/ejection.h"

#include <algorithm>

namespace weir::upstream {
namespace {

const Endpoint* find(std::span<const Endpoint> pool, EndpointId id) {
  const auto found = std::ranges::find(pool, id, &Endpoint::id);
  return found == pool.end() ? nullptr : &*found;
}

}  // namespace

bool EjectionBoard::propose(EndpointId endpoint, std::span<const Endpoint> pool, Instant now) {
  const auto* accused = find(pool, endpoint);
  if (plan_.consecutive_failures == 0 || accused == nullptr || !accused->usable()) return false;
  if (is_ejected(endpoint)) return false;
  if (!has_room(endpoint, pool)) {
    ++refusals_;
    return false;
  }
  eject(records_[endpoint], now);
  ++ejections_;
  return true;
}

bool EjectionBoard::has_room(EndpointId endpoint, std::span<const Endpoint> pool) const {
  const bool another_stays = std::ranges::any_of(
      pool, [&](const Endpoint& other) { return other.id != endpoint && other.usable(); });
  const auto share = pool.size() * plan_.max_share.basis_points() / Weight::whole;
  return another_stays && ejected() < std::max<std::size_t>(1, share);
}

void EjectionBoard::eject(Record& record, Instant now) const {
  const auto base = std::max(plan_.base, Milliseconds(1));
  if (record.times > 0) {
    const auto lived_down = std::max<std::int64_t>(0, (now - record.until) / base);
    record.times -= static_cast<std::uint32_t>(std::min<std::int64_t>(lived_down, record.times));
  }
  // Counting stops where the length does, so that the worst offender can live it down too.
  if (base * record.times < plan_.longest) ++record.times;
  record.until = now + std::min(base * record.times, plan_.longest);
  record.out = true;
}

std::vector<EndpointId> EjectionBoard::release(Instant now) {
  std::vector<EndpointId> released;
  for (auto& [id, record] : records_) {
    if (!record.out || record.until > now) continue;
    record.out = false;
    released.push_back(id);
  }
  return released;
}

std::optional<Instant> EjectionBoard::next_release() const {
  std::optional<Instant> next;
  for (const auto& [id, record] : records_) {
    if (record.out && (!next || record.until < *next)) next = record.until;
  }
  return next;
}

bool EjectionBoard::is_ejected(EndpointId endpoint) const {
  const auto found = records_.find(endpoint);
  return found != records_.end() && found->second.out;
}

void EjectionBoard::retain(std::span<const Endpoint> pool) {
  std::erase_if(records_, [&](const auto& entry) { return find(pool, entry.first) == nullptr; });
}

std::uint32_t EjectionBoard::ejected() const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(records_, [](const auto& entry) { return entry.second.out; }));
}

}  // namespace weir::upstream
