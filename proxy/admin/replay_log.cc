#include "admin/replay_log.h"

#include <algorithm>

namespace weir::admin {
ReplayLog::Kept* ReplayLog::find(const Entry& entry) noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Kept& kept_entry) {
    return kept_entry.entry.key == entry.key;
  });
  return found == entries_.end() ? nullptr : &*found;
}

ReplayLog::Found ReplayLog::begin(const Entry& entry, Response& answer) {
  if (const auto* known = find(entry)) {
    if (known->entry.request != entry.request) return Found::different;
    if (!known->answer) return Found::in_flight;
    answer = *known->answer;
    return Found::answered;
  }
  entries_.push_back({entry, nullptr});
  if (entries_.size() > kept) entries_.pop_front();
  return Found::nothing;
}

void ReplayLog::finish(const Entry& entry, Response answer) {
  auto* known = find(entry);
  if (known == nullptr) return;  // 256 younger ones came in between
  known->answer = std::make_unique<const Response>(std::move(answer));
}

void ReplayLog::forget(const Entry& entry) {
  std::erase_if(entries_,
                [&](const Kept& kept_entry) { return kept_entry.entry.key == entry.key; });
}

}  // namespace weir::admin
