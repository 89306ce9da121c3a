#include "rollout_loop/notifier.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "net/clock.h"

namespace weir::rollout_loop {
namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr Milliseconds longest_sleep{3'600'000}, look_while_suspended{1'000};

std::string trouble_of(const HttpReply& reply) {
  return reply.status == 0 ? reply.failure : "status " + std::to_string(reply.status);
}

}  // namespace

Notifier::Notifier(boost::asio::io_context& control, RolloutLoop& loop, Poster& poster)
    : control_(control), loop_(loop), poster_(poster), timer_(control) {
  subscription_ = loop_.events().subscribe([this](const Event&) { wake(); });
}

boost::asio::awaitable<void> Notifier::run() {
  while (!stopped_) {
    woken_ = false;
    const auto next = begin_due(net::now());
    if (woken_) continue;  // something ended where it began
    timer_.expires_at(next);
    co_await timer_.async_wait(as_result);
  }
}

void Notifier::wake() {
  woken_ = true;
  timer_.cancel();
}

void Notifier::stop() {
  stopped_ = true;
  wake();
}

Instant Notifier::begin_due(Instant now) {
  const auto& queue = loop_.notices();
  if (queue.waiting().empty()) return now + longest_sleep;
  if (loop_.suspended()) return now + look_while_suspended;
  auto next = now + longest_sleep;
  for (const auto& webhook : queue.webhooks()) {
    const auto* notice = queue.first_for(webhook.name);
    auto& lane = lanes_[webhook.name];
    if (notice == nullptr || lane.busy) continue;
    if (now < lane.next_try) {
      next = std::min<Instant>(next, lane.next_try);
      continue;
    }
    lane.busy = true;
    boost::asio::co_spawn(control_, deliver(webhook, *notice), boost::asio::detached);
  }
  return next;
}

boost::asio::awaitable<void> Notifier::deliver(WebhookPlan webhook, Notice notice) {
  HttpPost post{webhook.target, notice.id, notice.body, webhook.deadline};
  const auto reply = co_await poster_.post(std::move(post));
  lanes_[webhook.name].busy = false;
  take_in(webhook, notice, reply);
  wake();
}

void Notifier::take_in(const WebhookPlan& webhook, const Notice& notice, const HttpReply& reply) {
  if (succeeded(reply)) return finish(notice, NoticeEnd::delivered, {});
  const auto why = trouble_of(reply);
  loop_.notices().failed(webhook.name, why);
  if (!may_change(reply)) return finish(notice, NoticeEnd::refused, why);
  const Milliseconds age{net::unix_ms() - notice.unix_ms};
  if (age >= webhook.give_up_after) return finish(notice, NoticeEnd::expired, why);
  try_again_later(notice, why);
}

void Notifier::try_again_later(const Notice& notice, const std::string& why) {
  auto& lane = lanes_[notice.webhook];
  lane.next_try = net::now() + backoff(++lane.failures);
  if (lane.failures > 1) return;
  spdlog::warn("webhook {}: {} of {} not delivered: {}; tried again", notice.webhook, notice.kind,
               notice.service, why);
}

void Notifier::finish(const Notice& notice, NoticeEnd how, const std::string& why) {
  lanes_[notice.webhook] = {};
  loop_.notices().end(notice, how);
  loop_.save_notices();
  if (how == NoticeEnd::delivered) return;
  spdlog::error("webhook {}: {} of {} given up: {}: {}", notice.webhook, notice.kind,
                notice.service, name_of(how), why);
}

}  // namespace weir::rollout_loop
