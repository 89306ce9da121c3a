#pragma once
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <vector>

#include "model/instant.h"

namespace weir::net {

class DeadlineWheel;

/// One deadline of one owner. Arming again is a store where the new time is
/// later, which is what every step of an exchange does.
class Deadline : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  using Expired = void (*)(void* owner);

  /// `expired` runs on the wheel's thread, at most once per `arm`.
  Deadline(DeadlineWheel& wheel, Expired expired, void* owner) noexcept
      : wheel_(wheel), expired_(expired), owner_(owner) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void arm(Instant when) noexcept;
  void disarm() noexcept { due_ = Instant::max(); }

 private:
  friend class DeadlineWheel;
  DeadlineWheel& wheel_;
  Expired expired_;
  void* owner_;
  Instant due_ = Instant::max();
  std::int64_t slot_tick_ = 0;  ///< tick of the slot it is linked into
};

/// A coarse hashed timer wheel (Varghese and Lauck, 1987, scheme 6): deadlines
/// fire up to one tick late, never early. One worker owns it.
class DeadlineWheel {
 public:
  static constexpr Milliseconds tick{100};
  static constexpr std::size_t slot_count = 1024;

  explicit DeadlineWheel(Instant now);
  /// Fires what is due. Call once per tick or later.
  void advance(Instant now);

 private:
  friend class Deadline;
  using Slot = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;
  std::int64_t tick_of(Instant when) const noexcept;
  void link(Deadline& deadline) noexcept;
  void visit(Slot& slot, Instant now);

  Instant start_;
  std::int64_t current_ = 0;  ///< last tick that was visited
  std::vector<Slot> slots_;
};

}  // namespace weir::net
