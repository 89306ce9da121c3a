#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rollout/decide.h"
#include "rollout_loop/past_rollout.h"

namespace weir::rollout_loop {

/// A transition of one service as the outside sees it.
struct Event {
  std::uint64_t id = 0;  ///< rises by one
  std::int64_t unix_ms = 0;
  std::string service;
  std::string who;  ///< "weir" for the proxy's own decisions
  rollout::Transition transition;
};

TransitionNote in_short(const Event& event);

/// The last events, and those who want the next ones. Control thread only.
class EventFeed {
 public:
  using Listener = std::function<void(const Event&)>;
  static constexpr std::size_t kept = 1024;

  /// Assigns the id, `last_id() + 1`, and tells every listener. Listeners must not throw.
  void publish(Event event);
  /// Kept events with an id above `id`, oldest first.
  std::vector<Event> after(std::uint64_t id) const;
  std::uint64_t last_id() const noexcept { return last_id_; }

  /// Listens until the returned number is given to `unsubscribe`.
  std::uint64_t subscribe(Listener listener);
  void unsubscribe(std::uint64_t subscription);

 private:
  std::deque<Event> events_;
  std::map<std::uint64_t, Listener> listeners_;
  std::uint64_t last_id_ = 0;
  std::uint64_t last_subscription_ = 0;
};

}  // namespace weir::rollout_loop
