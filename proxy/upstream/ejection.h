#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "model/endpoint.h"
#include "model/instant.h"
#include "model/plan.h"

namespace weir::upstream {

/// Which endpoints of one pool are out because live traffic failed on them, and until
/// when. The n-th ejection lasts base · n, at most `longest`; every `base` of good conduct
/// after its end takes one off n. Pure: reads no clock; `now` never goes back.
class EjectionBoard {
 public:
  explicit EjectionBoard(const Ejection& plan) : plan_(plan) {}

  /// New options after a reload. Ejections under way keep their end.
  void adopt(const Ejection& plan) { plan_ = plan; }

  /// A worker saw `consecutive_failures` in a row on `endpoint`; `pool` is its pool as it
  /// is now. True where it is ejected: it must be in the pool and usable, another must
  /// stay usable, and no more than max(1, ⌊n · max_share⌋) may be out at once.
  bool propose(EndpointId endpoint, std::span<const Endpoint> pool, Instant now);

  /// Ends what is due and answers it, in order of id.
  std::vector<EndpointId> release(Instant now);
  /// When to call `release` next; `nullopt`: nobody is out.
  std::optional<Instant> next_release() const;

  bool is_ejected(EndpointId endpoint) const;
  /// Forgets every endpoint that is not in `pool`.
  void retain(std::span<const Endpoint> pool);

  std::uint32_t ejected() const;  ///< out now
  std::uint64_t ejections_total() const noexcept { return ejections_; }
  /// Usable endpoints that had to stay, to leave enough of the pool.
  std::uint64_t refusals_total() const noexcept { return refusals_; }

 private:
  struct Record {
    std::uint32_t times = 0;  ///< ejections not yet lived down
    Instant until;            ///< end of the last one
    bool out = false;
  };
  bool has_room(EndpointId endpoint, std::span<const Endpoint> pool) const;
  void eject(Record& record, Instant now) const;

  Ejection plan_;
  std::map<EndpointId, Record> records_;
  std::uint64_t ejections_ = 0, refusals_ = 0;
};

}  // namespace weir::upstream
