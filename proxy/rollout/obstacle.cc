#include "rollout/obstacle.h"

#include <string>

#include "rollout/freeze.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

/// Basis points of all traffic.
std::uint32_t share_of(Version version, const RolloutState& state) {
  const auto points = state.weight.basis_points();
  return version == state.stable ? Weight::whole - points : points;
}

bool gets_more(Version version, const RolloutState& from, const RolloutState& to) {
  return share_of(version, to) > share_of(version, from);
}

bool undoes(const RolloutState& from, const RolloutState& to) {
  return from.stable != to.stable && !from.in_progress();
}

std::string requests_text(double per_second) { return amount_text(per_second) + " requests/s"; }

std::optional<Hold> lack_of(Version version, const RolloutState& to, const Conditions& conditions) {
  const auto& pool = conditions.pools[version];
  if (pool.per_endpoint == 0) return std::nullopt;
  const double room = static_cast<double>(pool.healthy) * pool.per_endpoint;
  const double share = static_cast<double>(share_of(version, to)) / Weight::whole;
  const double arriving = conditions.load * share;
  if (arriving <= room) return std::nullopt;
  return Hold{Hold::By::capacity,
              "capacity: " + std::string(name_of(version)) + " can take " + requests_text(room) +
                  " (" + std::to_string(pool.healthy) + " of " + std::to_string(pool.total) +
                  " endpoints are healthy, " + std::to_string(pool.per_endpoint) + " each), " +
                  requests_text(arriving) + " would arrive at " + ratio_text(share)};
}

}  // namespace

std::optional<Hold> lack_of_capacity(const RolloutState& from, const RolloutState& to,
                                     const Conditions& conditions) {
  for (const auto version : both_versions) {
    if (!gets_more(version, from, to)) continue;
    if (auto lack = lack_of(version, to, conditions)) return lack;
  }
  return std::nullopt;
}

std::optional<Hold> obstacle(const RolloutState& from, const RolloutState& to,
                             const RolloutPolicy& policy, const Conditions& conditions) {
  if (gets_more(from.canary(), from, to) && !undoes(from, to)) {
    if (const auto freeze = freeze_at(policy.freeze, conditions.wall_clock)) {
      return Hold{Hold::By::freeze, text_of(*freeze)};
    }
  }
  return lack_of_capacity(from, to, conditions);
}

}  // namespace weir::rollout
