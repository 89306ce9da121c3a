#include "rollout_loop/notice_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "rollout_loop/notice_text.h"

namespace weir::rollout_loop {
namespace {

using testing::ElementsAre;

WebhookPlan webhook(std::string name, std::vector<std::string> kinds = {}) {
  WebhookPlan made;
  made.name = std::move(name);
  made.kinds = std::move(kinds);
  return made;
}

std::shared_ptr<const Plan> plan_of(std::vector<WebhookPlan> webhooks, std::uint32_t queue = 256) {
  auto plan = std::make_shared<Plan>();
  plan->notifications = {queue, std::move(webhooks)};
  return plan;
}

NoticeQueue queue_for(std::vector<WebhookPlan> webhooks, std::uint32_t bound = 256) {
  NoticeQueue queue;
  queue.follow(plan_of(std::move(webhooks), bound));
  return queue;
}

Event event(std::string kind, std::string reason = "so") {
  Event made;
  made.unix_ms = 1'700'000'000'123;
  made.service = "shop";
  made.who = "weir";
  made.transition.kind = std::move(kind);
  made.transition.reason = std::move(reason);
  made.transition.guard = "errors";
  made.transition.from.weight = Weight::percent(5);
  made.transition.to.epoch = 7;
  made.transition.to.revision = "v2";
  made.transition.to.phase = rollout::Phase::degraded;
  return made;
}

std::vector<std::string> waiting(const NoticeQueue& queue) {
  std::vector<std::string> waiting;
  for (const auto& notice : queue.waiting()) waiting.push_back(notice.webhook + ' ' + notice.kind);
  return waiting;
}

std::uint64_t ended(const NoticeQueue& queue, const std::string& webhook, NoticeEnd how) {
  return queue.counts().at(webhook).ended[static_cast<std::size_t>(how)];
}

TEST(NoticeQueue, HasOneNoticeForEachWebhookThatWantsToKnow) {
  auto queue = queue_for({webhook("all"), webhook("bad", {"rollback", "hold"})});
  queue.add(event("start"));
  queue.add(event("rollback"));
  EXPECT_THAT(waiting(queue), ElementsAre("all start", "all rollback", "bad rollback"));
}

TEST(NoticeQueue, NamesATransitionAlikeForAllAndNoTwoAlike) {
  auto queue = queue_for({webhook("a"), webhook("b")});
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    queue.add(event("step"));
    const auto& notices = queue.waiting();
    EXPECT_EQ(notices.end()[-1].id, notices.end()[-2].id);
    EXPECT_TRUE(ids.insert(notices.back().id).second);
  }
}

TEST(NoticeQueue, DropsTheOldestBeyondItsBoundAndCountsIt) {
  auto queue = queue_for({webhook("a")}, 3);
  for (const auto* kind : {"start", "step", "gate", "promote", "finish"}) queue.add(event(kind));
  EXPECT_THAT(waiting(queue), ElementsAre("a gate", "a promote", "a finish"));
  EXPECT_EQ(ended(queue, "a", NoticeEnd::dropped), 2U);
}

TEST(NoticeQueue, ForgetsThoseOfAWebhookThatIsGone) {
  auto queue = queue_for({webhook("a"), webhook("b")});
  queue.add(event("start"));
  queue.follow(plan_of({webhook("b")}));
  EXPECT_THAT(waiting(queue), ElementsAre("b start"));
  EXPECT_EQ(ended(queue, "a", NoticeEnd::dropped), 1U);
}

TEST(NoticeQueue, GoesOnWithWhatWasKept) {
  auto queue = queue_for({webhook("a")});
  queue.add(event("start"));
  NoticeQueue later;
  later.restore(queue.waiting());
  later.follow(plan_of({webhook("a")}));
  EXPECT_EQ(later.waiting(), queue.waiting());
}

TEST(NoticeQueue, EndsEachOnceAndInOrder) {
  auto queue = queue_for({webhook("a"), webhook("b")});
  queue.add(event("start"));
  queue.add(event("step"));
  const Notice first = *queue.first_for("b");
  queue.end(first, NoticeEnd::delivered);
  queue.end(first, NoticeEnd::delivered);
  EXPECT_EQ(ended(queue, "b", NoticeEnd::delivered), 1U);
  EXPECT_EQ(queue.first_for("b")->kind, "step");
  EXPECT_EQ(queue.waiting_for("a"), 2U);
  EXPECT_EQ(queue.first_for("c"), nullptr);
}

TEST(NoticeQueue, SaysWhyAServicesNoticesWait) {
  auto queue = queue_for({webhook("a")});
  queue.add(event("start"));
  EXPECT_EQ(queue.waiting_of("shop").trouble, "");
  queue.failed("a", "status 503");
  EXPECT_EQ(queue.waiting_of("shop").trouble, "a: status 503");
  EXPECT_EQ(queue.waiting_of("shop").count, 1U);
  EXPECT_EQ(queue.waiting_of("cart").count, 0U);
  EXPECT_EQ(queue.waiting_of("cart").trouble, "a: status 503") << "it would not be told either";
  const Notice first = *queue.first_for("a");
  queue.end(first, NoticeEnd::delivered);
  EXPECT_EQ(queue.counts().at("a").trouble, "");
}

TEST(NoticeText, IsAllAboutTheTransitionInJson) {
  const auto text = notice_body(WebhookPlan::Format::json, event("rollback", "5 \"bad\""), "id1");
  const auto body = boost::json::parse(text).as_object();
  EXPECT_EQ(body.at("id"), "id1");
  EXPECT_EQ(body.at("unix_ms"), 1'700'000'000'123);
  EXPECT_EQ(body.at("service"), "shop");
  EXPECT_EQ(body.at("kind"), "rollback");
  EXPECT_EQ(body.at("reason"), "5 \"bad\"");
  EXPECT_EQ(body.at("guard"), "errors");
  EXPECT_EQ(body.at("revision"), "v2");
  EXPECT_EQ(body.at("who"), "weir");
  EXPECT_EQ(body.at("from").at("weight_percent").to_number<double>(), 5);
  EXPECT_EQ(body.at("to").at("phase"), "Degraded");
  EXPECT_EQ(body.at("to").at("epoch"), 7);
}

TEST(NoticeText, IsATextThatSlackTakes) {
  const auto text =
      notice_body(WebhookPlan::Format::slack, event("rollback", "1 < 2 & <!all>"), "");
  const auto body = boost::json::parse(text).as_object();
  EXPECT_EQ(body.size(), 1U);
  EXPECT_EQ(body.at("text"),
            "*shop* rollback: 1 &lt; 2 &amp; &lt;!all&gt;\n"
            "v2: Degraded, blue stable, green at 0% (was 5%), by weir");
}

}  // namespace
}  // namespace weir::rollout_loop
