#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "rollout_loop/event_feed.h"
#include "rollout_loop/notice.h"

namespace weir::rollout_loop {

/// How it ended with a notice.
enum class NoticeEnd : std::uint8_t {
  delivered,
  refused,  ///< the receiver's answer says that trying again is of no use
  expired,  ///< tried for as long as `give_up_after` says
  dropped,  ///< the queue was full of younger ones, or its webhook is configured no longer
};
inline constexpr std::array notice_ends{NoticeEnd::delivered, NoticeEnd::refused,
                                        NoticeEnd::expired, NoticeEnd::dropped};

std::string_view name_of(NoticeEnd end) noexcept;

/// What became of one webhook's notices since the process began.
struct NoticeCounts {
  std::array<std::uint64_t, notice_ends.size()> ended{};
  std::uint64_t failed_tries = 0;
  std::string trouble;  ///< of the last try that failed, until one succeeds
};

/// Transitions of one service that somebody was not told of yet.
struct WaitingNotices {
  std::size_t count = 0;
  /// Of all webhooks whose last try failed, whatever it was about: "ops: status 503".
  std::string trouble;
};

/// What webhooks have yet to be told, in order, and how much of it may wait. A value: it is copied
/// to be saved with a transition before that is in force. Control thread only.
class NoticeQueue {
 public:
  using Webhooks = std::vector<WebhookPlan>;

  /// Goes on with what an earlier process left.
  void restore(Notices notices) { waiting_ = std::move(notices); }
  /// Whom to tell from now on.
  void follow(std::shared_ptr<const Plan> plan);

  /// One notice for each webhook that wants to know.
  void add(const Event& event);
  /// The oldest for that webhook; null: none waits.
  const Notice* first_for(const std::string& webhook) const noexcept;
  void failed(const std::string& webhook, std::string why);
  /// `notice` leaves the queue, where it still is in it.
  void end(const Notice& notice, NoticeEnd how);

  const Notices& waiting() const noexcept { return waiting_; }
  std::size_t waiting_for(const std::string& webhook) const noexcept;
  WaitingNotices waiting_of(std::string_view service) const;
  const Webhooks& webhooks() const noexcept;
  /// By webhook.
  const std::map<std::string, NoticeCounts>& counts() const noexcept { return counts_; }

 private:
  void drop_first();

  std::shared_ptr<const Plan> plan_;
  Notices waiting_;
  std::map<std::string, NoticeCounts> counts_;
};

}  // namespace weir::rollout_loop
