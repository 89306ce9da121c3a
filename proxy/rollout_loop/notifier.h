#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/notification_plan.h"
#include "rollout_loop/poster.h"
#include "rollout_loop/rollout_loop.h"

namespace weir::rollout_loop {

/// Delivers what is in the loop's `NoticeQueue`: to each webhook one notice at a time, the oldest
/// first, again and again until the webhook has it. Nobody waits for any of this, and a webhook
/// that hangs holds up nobody but itself. Control thread only.
class Notifier {
 public:
  /// Both outlive it.
  Notifier(boost::asio::io_context& control, RolloutLoop& loop, Poster& poster);
  ~Notifier() { loop_.events().unsubscribe(subscription_); }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Delivers until `stop`.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  /// How it goes with one webhook.
  struct Lane {
    bool busy = false;
    std::uint32_t failures = 0;  ///< of its oldest notice, since the process began
    Instant next_try = Instant::min();
  };

  /// `run` looks again.
  void wake();
  /// Begins what is due. When to look again, unless woken before.
  Instant begin_due(Instant now);
  boost::asio::awaitable<void> deliver(WebhookPlan webhook, Notice notice);
  void take_in(const WebhookPlan& webhook, const Notice& notice, const HttpReply& reply);
  void try_again_later(const Notice& notice, const std::string& why);
  void finish(const Notice& notice, NoticeEnd how, const std::string& why);

  boost::asio::io_context& control_;
  RolloutLoop& loop_;
  Poster& poster_;
  boost::asio::steady_timer timer_;
  std::map<std::string, Lane> lanes_;
  std::uint64_t subscription_;
  bool woken_ = false, stopped_ = false;
};

}  // namespace weir::rollout_loop
