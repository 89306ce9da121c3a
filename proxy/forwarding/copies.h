#pragma once
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "forwarding/place.h"

namespace weir::forwarding {

/// A copy of a request under way to canary, as its worker has to do with it.
class CopyUnderWay : public boost::intrusive::list_base_hook<> {
 public:
  /// Whatever it waits for ends with an error: nobody wants the answer any more.
  virtual void cut_off() noexcept = 0;

 protected:
  ~CopyUnderWay() = default;
};

/// The copies one worker has under way. Its thread only, but for what says otherwise.
class Copies {
 public:
  /// Nothing where `most` copies of that service are under way.
  std::optional<Place> place(std::size_t service, std::uint32_t most);
  void enter(CopyUnderWay& copy) noexcept;
  void leave(CopyUnderWay& copy) noexcept;
  void cut_off() noexcept;
  /// Any thread. Whoever sees the last client gone sees the copies of its requests.
  std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }

 private:
  std::unordered_map<std::size_t, std::uint32_t> taken_;  ///< by service index
  boost::intrusive::list<CopyUnderWay, boost::intrusive::constant_time_size<false>> copies_;
  std::atomic<std::uint32_t> count_{0};
};

}  // namespace weir::forwarding
