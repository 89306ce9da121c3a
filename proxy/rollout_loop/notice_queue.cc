#include "rollout_loop/notice_queue.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "rollout_loop/hex.h"
#include "rollout_loop/notice_text.h"

namespace weir::rollout_loop {
namespace {

/// Of a transition, never used again by any process.
std::string fresh_id() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return hex_of(bytes);
}

bool wants(const WebhookPlan& webhook, const std::string& kind) {
  const auto& kinds = webhook.kinds;
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

std::string_view name_of(NoticeEnd end) noexcept {
  switch (end) {
    case NoticeEnd::delivered:
      return "delivered";
    case NoticeEnd::refused:
      return "refused";
    case NoticeEnd::expired:
      return "expired";
    case NoticeEnd::dropped:
      return "dropped";
  }
  return "";
}

void NoticeQueue::follow(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  const auto is_known = [&](const Notice& notice) {
    return std::any_of(webhooks().begin(), webhooks().end(),
                       [&](const WebhookPlan& webhook) { return webhook.name == notice.webhook; });
  };
  for (const auto& webhook : webhooks()) counts_.try_emplace(webhook.name);
  const auto unknown = std::stable_partition(waiting_.begin(), waiting_.end(), is_known);
  for (auto each = unknown; each != waiting_.end(); ++each) {
    ++counts_[each->webhook].ended[static_cast<std::size_t>(NoticeEnd::dropped)];
  }
  waiting_.erase(unknown, waiting_.end());
}

void NoticeQueue::add(const Event& event) {
  if (webhooks().empty()) return;
  const auto id = fresh_id();
  for (const auto& webhook : webhooks()) {
    if (!wants(webhook, event.transition.kind)) continue;
    waiting_.push_back({id, webhook.name, event.service, event.transition.kind, event.unix_ms,
                        notice_body(webhook.format, event, id)});
    if (waiting_.size() > plan_->notifications.queue) drop_first();
  }
}

const Notice* NoticeQueue::first_for(const std::string& webhook) const noexcept {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Notice& notice) { return notice.webhook == webhook; });
  return found == waiting_.end() ? nullptr : &*found;
}

void NoticeQueue::failed(const std::string& webhook, std::string why) {
  auto& counts = counts_[webhook];
  ++counts.failed_tries;
  counts.trouble = std::move(why);
}

void NoticeQueue::end(const Notice& notice, NoticeEnd how) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Notice& each) {
    return each.id == notice.id && each.webhook == notice.webhook;
  });
  if (found == waiting_.end()) return;  // dropped meanwhile
  waiting_.erase(found);
  auto& counts = counts_[notice.webhook];
  ++counts.ended[static_cast<std::size_t>(how)];
  if (how == NoticeEnd::delivered) counts.trouble.clear();
}

std::size_t NoticeQueue::waiting_for(const std::string& webhook) const noexcept {
  const auto count = std::count_if(waiting_.begin(), waiting_.end(),
                                   [&](const Notice& notice) { return notice.webhook == webhook; });
  return static_cast<std::size_t>(count);
}

WaitingNotices NoticeQueue::waiting_of(std::string_view service) const {
  WaitingNotices found;
  for (const auto& notice : waiting_) found.count += notice.service == service ? 1U : 0U;
  for (const auto& [webhook, counts] : counts_) {
    if (counts.trouble.empty()) continue;
    found.trouble += (found.trouble.empty() ? "" : "; ") + webhook + ": " + counts.trouble;
  }
  return found;
}

const NoticeQueue::Webhooks& NoticeQueue::webhooks() const noexcept {
  static const Webhooks none;
  return plan_ ? plan_->notifications.webhooks : none;
}

void NoticeQueue::drop_first() {
  const auto oldest = waiting_.front();
  end(oldest, NoticeEnd::dropped);
}

}  // namespace weir::rollout_loop
