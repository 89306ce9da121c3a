#include "rollout_loop/event_feed.h"

#include <algorithm>

namespace weir::rollout_loop {

TransitionNote in_short(const Event& event) {
  const auto& transition = event.transition;
  return {event.unix_ms, event.who, transition.kind, transition.reason, transition.guard};
}

void EventFeed::publish(Event event) {
  event.id = ++last_id_;
  events_.push_back(std::move(event));
  if (events_.size() > kept) events_.pop_front();
  for (const auto& [number, listener] : listeners_) listener(events_.back());
}

std::vector<Event> EventFeed::after(std::uint64_t id) const {
  const auto first = std::find_if(events_.begin(), events_.end(),
                                  [id](const Event& event) { return event.id > id; });
  return {first, events_.end()};
}

std::uint64_t EventFeed::subscribe(Listener listener) {
  listeners_.emplace(++last_subscription_, std::move(listener));
  return last_subscription_;
}

void EventFeed::unsubscribe(std::uint64_t subscription) { listeners_.erase(subscription); }

}  // namespace weir::rollout_loop
