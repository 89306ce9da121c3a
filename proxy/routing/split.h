#pragma once
#include <cstdint>
#include <string_view>

#include "model/version.h"
#include "model/weight.h"

namespace weir::routing {

/// A uniform 64-bit hash of a service's salt and a client's key. The same on every
/// replica, build and machine: FNV-1a (draft-eastlake-fnv) with the 64-bit finaliser
/// of MurmurHash3. Not secret: a client may choose its key, and so its bucket.
std::uint64_t key_hash(std::string_view salt, std::string_view key) noexcept;

/// Chooses the version serving a key. Immutable: any thread, no allocation.
/// Sticky: raising the canary weight never moves a key off canary.
class WeightedSplit {
 public:
  constexpr WeightedSplit(Version stable, Weight canary) noexcept
      : stable_(stable), threshold_(canary.basis_points()) {}

  /// `hash`: uniform, from `key_hash`.
  constexpr Version choose(std::uint64_t hash) const noexcept {
    const auto bucket = static_cast<std::uint32_t>(((hash >> 32) * Weight::whole) >> 32);
    return bucket < threshold_ ? other(stable_) : stable_;
  }

 private:
  Version stable_;
  std::uint32_t threshold_;
};

}  // namespace weir::routing
