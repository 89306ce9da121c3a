#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/plan.h"
#include "net/local_channel.h"
#include "rollout_loop/state_store.h"
#include "server/listeners.h"
#include "server/take_over.h"

namespace weir::server {

/// What a process has to hand over. Called on the control thread.
struct Estate {
  std::function<std::vector<OfferedListener>()> offer;
  std::function<std::uint64_t()> generation;           ///< of what `offer` says
  std::function<rollout_loop::Kept()> pause;           ///< decides and saves nothing more
  std::function<void()> resume;                        ///< … after all
  std::function<int()> state_lock;                     ///< -1: none
  std::function<void(std::vector<bool> taken)> leave;  ///< by index of `offer`
};

/// Waits at a path for the process that replaces this one. Control thread only.
class Succession {
 public:
  /// Throws `std::runtime_error` where the path cannot be had.
  Succession(boost::asio::io_context& control, const TakeOverPlan& plan, Estate estate);

  /// Until this process was replaced, or `stop`.
  boost::asio::awaitable<void> run();
  /// Nobody replaces this process any more; what is under way fails.
  void stop();
  /// The state is with another process, which may still fail.
  bool under_way() const noexcept { return paused_; }
  std::uint64_t failed() const noexcept { return failed_; }

 private:
  boost::asio::awaitable<bool> hand_over();
  boost::asio::awaitable<bool> give_up();
  bool offer_listeners();
  bool give_state();

  boost::asio::io_context& control_;
  const Milliseconds limit_;
  const Estate estate_;
  net::LocalListener listener_;
  std::optional<TakeOverTalk> talk_;
  bool paused_ = false;
  std::uint64_t failed_ = 0;
};

}  // namespace weir::server
