#include "rollout_loop/notifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include "rollout_loop/file_store.h"
#include "scripted_poster.h"

namespace weir::rollout_loop {
namespace {

using rollout::Action;
using testing::ElementsAre;

class NoWorkers : public Publication {
 public:
  void publish(std::shared_ptr<const routing::RoutingSnapshot>) override {}
  boost::asio::awaitable<void> settled() override { co_return; }
  PerVersion<outcomes::Counts> counts(std::size_t) const override { return {}; }
  outcomes::LatencySpread latencies(std::size_t, Version) const override { return {}; }
  PerVersion<std::uint64_t> active(std::size_t) const override { return {}; }
  PerVersion<outcomes::MirrorCounts> mirrored(std::size_t) const override { return {}; }
  void drain_failures(const TakeFailure&) override {}
  void drain_samples(const TakeSample&) override {}
};

class Memory : public MemoryStore {
 public:
  std::string save(const States&, const Notices& notices) override {
    saved = notices;
    counts.push_back(notices.size());
    return {};
  }
  Notices saved;
  std::vector<std::size_t> counts;  ///< of each save
};

WebhookPlan webhook(std::string name, Milliseconds give_up_after = std::chrono::hours(1)) {
  WebhookPlan made;
  made.target.at = {name, 80};
  made.name = std::move(name);
  made.give_up_after = give_up_after;
  return made;
}

std::shared_ptr<const Plan> plan_of(std::vector<WebhookPlan> webhooks) {
  auto plan = std::make_shared<Plan>();
  plan->services.resize(1);
  plan->services[0].name = "shop";
  plan->services[0].rollout.steps = {{Weight::percent(5), std::chrono::hours(1)}};
  plan->services[0].rollout.health.reset();
  plan->services[0].rollout.outage.reset();
  plan->notifications.webhooks = std::move(webhooks);
  return plan;
}

class Notifying : public testing::Test {
 protected:
  void begin(std::vector<WebhookPlan> webhooks) {
    const auto view = [](const std::string&, Version) { return std::make_shared<PoolView>(); };
    wait(loop.apply(plan_of(std::move(webhooks)), view));
    boost::asio::co_spawn(control, notifier.run(), boost::asio::detached);
  }

  void act(Action action) {
    rollout::ActionRequest request;
    request.action = action;
    wait(loop.act("shop", request, {}, "tester"));
  }

  template <class T>
  T wait(boost::asio::awaitable<T> task) {
    auto result = boost::asio::co_spawn(control, std::move(task), boost::asio::use_future);
    run_until(
        [&] { return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    return result.get();
  }

  template <class Reached>
  void run_until(Reached reached) {
    control.restart();
    while (!reached()) control.run_one();
  }

  std::uint64_t ended(const std::string& webhook, NoticeEnd how) {
    return loop.notices().counts().at(webhook).ended[static_cast<std::size_t>(how)];
  }

  std::vector<std::string> posted() const {
    std::vector<std::string> hosts;
    for (const auto& post : poster.posts) hosts.push_back(post.target.at.host);
    return hosts;
  }

  void TearDown() override {
    notifier.stop();
    poster.let_go();
    control.restart();
    control.run();
  }

  boost::asio::io_context control{1};
  NoWorkers workers;
  Memory store;
  AuditLog audit{"/dev/null"};
  RolloutHistory history;
  ScriptedPoster poster{control};
  RolloutLoop loop{control, workers, store, audit, history, poster};
  Notifier notifier{control, loop, poster};
};

TEST_F(Notifying, WhatWasDeliveredIsKeptNoLonger) {
  poster.scripts["ops"] = {status(204)};
  begin({webhook("ops")});
  act(Action::start);
  run_until([&] { return loop.notices().waiting().empty(); });
  EXPECT_THAT(store.counts, ElementsAre(1, 0)) << "with the transition, and once delivered";
  EXPECT_EQ(ended("ops", NoticeEnd::delivered), 1U);
}

TEST_F(Notifying, ATryThatFailsIsRepeatedWordForWord) {
  poster.scripts["ops"] = {status(503), {0, {}, "connect: refused"}, status(200)};
  begin({webhook("ops")});
  act(Action::start);
  run_until([&] { return loop.notices().waiting().empty(); });
  ASSERT_EQ(poster.posts.size(), 3U);
  for (const auto& post : poster.posts) {
    EXPECT_EQ(post.id, poster.posts[0].id);
    EXPECT_EQ(post.body, poster.posts[0].body);
  }
  EXPECT_EQ(loop.notices().counts().at("ops").failed_tries, 2U);
}

TEST_F(Notifying, ComesInOrder) {
  poster.scripts["ops"] = {status(500), status(200), status(200)};
  begin({webhook("ops")});
  act(Action::start);
  act(Action::abort);
  run_until([&] { return loop.notices().waiting().empty(); });
  ASSERT_EQ(poster.posts.size(), 3U);
  EXPECT_EQ(poster.posts[0].id, poster.posts[1].id);
  EXPECT_NE(poster.posts[2].id, poster.posts[1].id);
}

TEST_F(Notifying, AWebhookThatHangsHoldsUpNobodyElse) {
  poster.scripts["ops"] = {status(200), status(200)};
  begin({webhook("hangs"), webhook("ops")});
  act(Action::start);
  act(Action::abort);
  run_until([&] { return ended("ops", NoticeEnd::delivered) == 2; });
  EXPECT_THAT(posted(), ElementsAre("hangs", "ops", "ops"));
  EXPECT_EQ(loop.notices().waiting_for("hangs"), 2U);
}

TEST_F(Notifying, ARefusalIsFinal) {
  poster.scripts["ops"] = {status(410)};
  begin({webhook("ops")});
  act(Action::start);
  run_until([&] { return loop.notices().waiting().empty(); });
  EXPECT_EQ(ended("ops", NoticeEnd::refused), 1U);
  EXPECT_EQ(loop.notices().counts().at("ops").trouble, "status 410");
}

TEST_F(Notifying, IsGivenUpInTheEndButNotBeforeATry) {
  poster.scripts["ops"] = {status(503)};
  begin({webhook("ops", Milliseconds(0))});
  act(Action::start);
  run_until([&] { return loop.notices().waiting().empty(); });
  EXPECT_EQ(poster.posts.size(), 1U);
  EXPECT_EQ(ended("ops", NoticeEnd::expired), 1U);
}

TEST_F(Notifying, StopsWhileAnotherProcessHasTheState) {
  begin({webhook("ops")});
  act(Action::start);
  run_until([&] { return poster.posts.size() == 1; });
  const auto handed_over = loop.hand_over();
  EXPECT_EQ(handed_over.notices, store.saved);
  poster.scripts["ops"] = {status(200)};
  poster.let_go();
  run_until([&] { return loop.notices().counts().at("ops").failed_tries == 1; });
  EXPECT_EQ(poster.posts.size(), 1U);
  loop.resume();
  run_until([&] { return loop.notices().waiting().empty(); });
  EXPECT_EQ(poster.posts.size(), 2U);
}

TEST(Backoff, DoublesUpToAMinute) {
  std::vector<Milliseconds> waits;
  for (std::uint32_t failures = 1; failures <= 8; ++failures) waits.push_back(backoff(failures));
  using std::chrono::seconds;
  EXPECT_THAT(waits, ElementsAre(seconds(1), seconds(2), seconds(4), seconds(8), seconds(16),
                                 seconds(32), seconds(60), seconds(60)));
  EXPECT_EQ(backoff(4'000'000'000), seconds(60));
}

}  // namespace
}  // namespace weir::rollout_loop
