#include "net/deadline.h"

#include <algorithm>

namespace weir::net {

void Deadline::arm(Instant when) noexcept {
  const bool later = is_linked() && wheel_.tick_of(when) >= slot_tick_;
  due_ = when;
  if (later) return;  // the slot it sits in comes first and moves it on
  wheel_.link(*this);
}

DeadlineWheel::DeadlineWheel(Instant now) : start_(now), slots_(slot_count) {}

std::int64_t DeadlineWheel::tick_of(Instant when) const noexcept {
  return (when - start_ + tick - Instant::duration(1)) / tick;
}

void DeadlineWheel::link(Deadline& deadline) noexcept {
  deadline.unlink();
  // A deadline beyond one turn waits in the farthest slot and is moved on from there.
  const auto farthest = current_ + static_cast<std::int64_t>(slot_count) - 1;
  const auto wanted = std::max(tick_of(deadline.due_), current_ + 1);
  deadline.slot_tick_ = std::min(wanted, farthest);
  slots_[static_cast<std::size_t>(deadline.slot_tick_) % slot_count].push_back(deadline);
}

void DeadlineWheel::advance(Instant now) {
  const std::int64_t reached = (now - start_) / tick;
  while (current_ < reached) {
    ++current_;
    visit(slots_[static_cast<std::size_t>(current_) % slot_count], now);
  }
}

void DeadlineWheel::visit(Slot& slot, Instant now) {
  Slot passing;
  passing.swap(slot);
  while (!passing.empty()) {
    Deadline& deadline = passing.front();
    passing.pop_front();
    if (deadline.due_ == Instant::max()) continue;
    if (deadline.due_ > now) {
      link(deadline);
      continue;
    }
    deadline.due_ = Instant::max();
    deadline.expired_(deadline.owner_);  // may destroy `deadline` or others in `passing`
  }
}

}  // namespace weir::net
