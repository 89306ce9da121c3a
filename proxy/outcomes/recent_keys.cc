#include "outcomes/recent_keys.h"

#include <utility>

namespace weir::outcomes {

bool RecentKeys::repeats(std::uint64_t key, Instant now) {
  turn(now);
  if (keys_.contains(key) || earlier_keys_.contains(key)) return true;
  if (keys_.size() < most) {
    keys_.insert(key);
  } else {
    ++overflows_;
  }
  return false;
}

void RecentKeys::turn(Instant now) {
  const auto passed = now - turned_at_;
  if (passed < window_) return;
  earlier_keys_ = passed < 2 * window_ ? std::move(keys_) : std::unordered_set<std::uint64_t>{};
  keys_.clear();
  turned_at_ = now;
}

}  // namespace weir::outcomes
