#include "rollout_loop/rollout_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>
#include <string>
#include <vector>

#include "rollout/slow_bound.h"
#include "sample_rollouts.h"
#include "scripted_poster.h"

namespace weir::rollout_loop {
namespace {

using rollout::Action;
using rollout::Phase;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = ActionResult::Kind;

/// What happened to the workers and the disk, in order: "publish 5%", "save 5%".
using Journal = std::vector<std::string>;

class JournalledPublication : public Publication {
 public:
  explicit JournalledPublication(Journal& journal) : journal_(journal) {}
  void publish(std::shared_ptr<const routing::RoutingSnapshot> snapshot) override {
    last = std::move(snapshot);
    journal_.push_back("publish " + percent_text(last->services.front()->weight));
  }
  boost::asio::awaitable<void> settled() override { co_return; }
  PerVersion<outcomes::Counts> counts(std::size_t) const override { return counted; }
  outcomes::LatencySpread latencies(std::size_t, Version version) const override {
    return measured[version];
  }
  PerVersion<std::uint64_t> active(std::size_t) const override { return {}; }
  PerVersion<outcomes::MirrorCounts> mirrored(std::size_t) const override { return {}; }
  void drain_failures(const TakeFailure& take) override {
    for (const auto& failure : std::exchange(failed, {})) take(failure);
  }
  void drain_samples(const TakeSample& take) override {
    for (const auto& sample : std::exchange(sampled, {})) take(sample);
  }

  std::shared_ptr<const routing::RoutingSnapshot> last;
  PerVersion<outcomes::Counts> counted;
  PerVersion<outcomes::LatencySpread> measured;
  std::vector<outcomes::Failure> failed;
  std::vector<outcomes::FoundSample> sampled;

 private:
  Journal& journal_;
};

class JournalledStore : public StateStore {
 public:
  explicit JournalledStore(Journal& journal) : journal_(journal) {}
  Kept load() override { return {states, notices}; }
  std::string save(const States& fresh, const Notices& waiting) override {
    if (full) return "no space left on device";
    states = fresh;
    notices = waiting;
    journal_.push_back("save " + percent_text(states.begin()->second.weight));
    return {};
  }

  bool full = false;
  States states;
  Notices notices;

 private:
  Journal& journal_;
};

std::shared_ptr<const PoolView> no_endpoints(const std::string&, Version) {
  return std::make_shared<const PoolView>();
}

std::shared_ptr<const Plan> plan_of(std::vector<Step> steps,
                                    GuardAction on_errors = GuardAction::rollback) {
  auto plan = std::make_shared<Plan>();
  plan->services.resize(1);
  plan->services[0].name = "shop";
  plan->services[0].rollout.steps = std::move(steps);
  plan->services[0].rollout.errors->action = on_errors;
  plan->services[0].rollout.health.reset();
  plan->services[0].rollout.outage.reset();
  return plan;
}

const std::vector<Step> ramp{{Weight::percent(5), std::chrono::hours(1), 0, false},
                             {Weight::percent(50), std::chrono::hours(1), 0, false}};

class Loop : public testing::Test {
 protected:
  Loop() { begin(); }

  void begin(std::shared_ptr<const Plan> plan = plan_of(ramp)) {
    loop.emplace(control, publication, store, audit, history, poster);
    wait(loop->apply(std::move(plan), no_endpoints));
    journal.clear();
  }

  /// As a new process on the same store would.
  void begin_again() {
    loop->stop();
    control.restart();
    control.run();
    running = false;
    begin();
  }

  /// That many turns of the control thread with the loop at work.
  void turn(int turns) {
    if (!std::exchange(running, true)) {
      boost::asio::co_spawn(control, loop->run(), boost::asio::detached);
    }
    control.restart();
    while (turns-- > 0) control.run_one();
  }

  void TearDown() override {
    loop->stop();
    poster.let_go();
    control.restart();
    control.run();
  }

  template <class T>
  T wait(boost::asio::awaitable<T> task) {
    auto result = boost::asio::co_spawn(control, std::move(task), boost::asio::use_future);
    control.restart();
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      control.run_one();
    }
    return result.get();
  }

  ActionResult act(Action action, std::optional<std::uint64_t> if_epoch = {},
                   std::string key = {}) {
    rollout::ActionRequest request;
    request.action = action;
    request.key = std::move(key);
    request.revision = "v2";
    return wait(loop->act("shop", request, if_epoch, "tester"));
  }
  const rollout::RolloutState state() { return loop->status("shop")->state; }

  Journal journal;
  boost::asio::io_context control{1};
  bool running = false;
  JournalledPublication publication{journal};
  JournalledStore store{journal};
  AuditLog audit{"/dev/null"};
  RolloutHistory history;
  ScriptedPoster poster{control};
  std::optional<RolloutLoop> loop;
};

/// `ramp`, with somebody to tell, and one hook.
std::shared_ptr<const Plan> plan_with_hook(Hook::At at, std::uint32_t retries = 0) {
  auto plan = std::make_shared<Plan>(*plan_of(ramp));
  plan->notifications.webhooks.resize(1);
  plan->notifications.webhooks[0].name = "ops";
  auto& hook = plan->services[0].rollout.hooks.emplace_back();
  hook.name = "qa";
  hook.at = at;
  hook.target.at = {"qa", 80};
  hook.retries = retries;
  return plan;
}

TEST_F(Loop, ARiseIsOnDiskBeforeAnyWorkerSeesIt) {
  EXPECT_EQ(act(Action::start).kind, Kind::done);
  EXPECT_THAT(journal, ElementsAre("save 5%", "publish 5%"));
}

TEST_F(Loop, ARollbackIsOnEveryWorkerBeforeTheDisk) {
  act(Action::start);
  journal.clear();
  EXPECT_EQ(act(Action::abort).kind, Kind::done);
  EXPECT_THAT(journal, ElementsAre("publish 0%", "save 0%"));
}

TEST_F(Loop, ARiseTheDiskRefusesDoesNotHappen) {
  store.full = true;
  const auto result = act(Action::start);
  EXPECT_EQ(result.kind, Kind::not_persisted);
  EXPECT_THAT(result.message, HasSubstr("no space left"));
  EXPECT_EQ(state().phase, Phase::healthy);
  EXPECT_TRUE(journal.empty());
}

TEST_F(Loop, ARollbackDoesNotNeedTheDisk) {
  act(Action::start);
  store.full = true;
  EXPECT_EQ(act(Action::abort).kind, Kind::done);
  EXPECT_EQ(state().phase, Phase::degraded);
  EXPECT_EQ(publication.last->services[0]->weight, Weight::none());
  EXPECT_THAT(loop->status("shop")->persist_error, HasSubstr("no space left"));
}

TEST_F(Loop, ComesBackWhereItWas) {
  act(Action::start);
  act(Action::promote);
  act(Action::pause);
  const auto before = state();
  begin();  // as a new process on the same store would
  const auto after = state();
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_EQ(after.phase, Phase::paused);
  EXPECT_EQ(after.weight, Weight::percent(50));
  EXPECT_EQ(after.step, before.step);
  EXPECT_EQ(after.revision, "v2");
  EXPECT_EQ(publication.last->services[0]->weight, Weight::percent(50));
}

/// Ends at once when promoted in full; then the old pool bakes.
std::shared_ptr<const Plan> baking(Milliseconds bake) {
  auto plan = std::make_shared<Plan>(*plan_of(ramp));
  plan->services[0].rollout.bake = bake;
  return plan;
}

std::vector<std::string> kinds(RolloutLoop& loop) {
  std::vector<std::string> kinds;
  for (const auto& event : loop.events().after(0)) kinds.push_back(event.transition.kind);
  return kinds;
}

TEST_F(Loop, TellsOnceThatTheIdlePoolMayBeScaledDownAlsoAcrossARestart) {
  wait(loop->apply(baking(Milliseconds(1)), no_endpoints));
  act(Action::start);
  act(Action::promote);
  act(Action::promote);
  ASSERT_TRUE(state().warm_until.has_value());
  begin_again();
  ASSERT_TRUE(state().warm_until.has_value());
  while (kinds(*loop).empty()) turn(1);
  EXPECT_THAT(kinds(*loop), ElementsAre("scale-down"));
  EXPECT_EQ(state().warm_until, std::nullopt);
  begin_again();
  turn(2);
  EXPECT_THAT(kinds(*loop), ElementsAre());
}

TEST_F(Loop, DoesNotTellOfAScaleDownThatTheDiskRefused) {
  wait(loop->apply(baking(Milliseconds(1)), no_endpoints));
  act(Action::start);
  act(Action::abort);
  store.full = true;
  turn(2);
  EXPECT_THAT(kinds(*loop), ElementsAre("start", "abort"));
  store.full = false;
  while (state().warm_until) turn(1);
  EXPECT_THAT(kinds(*loop), ElementsAre("start", "abort", "scale-down"));
}

/// `ramp`, with a guard of latency whose bound is stable's p95.
std::shared_ptr<const Plan> measuring() {
  auto plan = std::make_shared<Plan>(*plan_of(ramp));
  plan->services[0].rollout.latency.emplace().slower_than.p95_up_to = Milliseconds(10'000);
  return plan;
}

/// That many exchanges of 5 ms each.
outcomes::LatencySpread measured(std::uint64_t count) {
  outcomes::LatencySpread spread;
  spread.counts[outcomes::LatencySpread::bucket_of(std::chrono::milliseconds(5))] = count;
  return spread;
}

constexpr Microseconds above_5_ms{5'120};

TEST_F(Loop, TellsTheWorkersWhatIsSlowFromTheStartOnAndAfterARestart) {
  wait(loop->apply(measuring(), no_endpoints));
  EXPECT_TRUE(publication.last->services[0]->measures_latency);
  publication.measured[Version::blue] = measured(rollout::least_latencies);
  EXPECT_EQ(publication.last->services[0]->slower_than, Milliseconds(1'000));
  act(Action::start);
  EXPECT_EQ(publication.last->services[0]->slower_than, above_5_ms);
  EXPECT_EQ(store.states.at("shop").slower_than, above_5_ms);
  publication.measured = {};
  begin_again();
  wait(loop->apply(measuring(), no_endpoints));
  EXPECT_EQ(publication.last->services[0]->slower_than, above_5_ms);
  EXPECT_THAT(store.states.at("shop").reason, HasSubstr("step 1"));
}

TEST_F(Loop, FreezesWhatIsSlowOnceEnoughIsKnownAndSavesIt) {
  wait(loop->apply(measuring(), no_endpoints));
  act(Action::start);
  publication.measured[Version::blue] = measured(rollout::least_latencies - 1);
  turn(3);
  EXPECT_EQ(publication.last->services[0]->slower_than, Milliseconds(1'000)) << "one too few";
  publication.measured[Version::blue] = measured(rollout::least_latencies);
  while (store.states.at("shop").slower_than != above_5_ms) turn(1);
  EXPECT_EQ(publication.last->services[0]->slower_than, above_5_ms);
  EXPECT_EQ(kinds(*loop), std::vector<std::string>{"start"}) << "no news to people";
}

// A driver whose answer was lost asks again: that must not start a second rollout, back
// the other way.
TEST_F(Loop, ARequestRepeatedAfterARestartIsNotCarriedOutAgain) {
  act(Action::start, {}, "driver-1");
  act(Action::promote);
  act(Action::promote);
  ASSERT_EQ(state().phase, Phase::healthy);
  begin();
  EXPECT_EQ(act(Action::start, {}, "driver-1").kind, Kind::unchanged);
  EXPECT_EQ(state().epoch, 1U);
  EXPECT_EQ(act(Action::start, {}, "driver-2").kind, Kind::done);
}

TEST_F(Loop, KeepsTheKeysOfTheLastEightRequests) {
  act(Action::start, {}, "0");
  for (int i = 1; i <= 9; ++i)
    act(i % 2 != 0 ? Action::pause : Action::resume, {}, std::to_string(i));
  EXPECT_THAT(state().recent_keys, ElementsAre("2", "3", "4", "5", "6", "7", "8", "9"));
}

TEST_F(Loop, AWriteForAnotherEpochIsRefused) {
  act(Action::start);
  EXPECT_EQ(act(Action::abort, 99).kind, Kind::stale_epoch);
  EXPECT_EQ(state().phase, Phase::progressing);
  EXPECT_EQ(act(Action::abort, state().epoch).kind, Kind::done);
}

TEST_F(Loop, AnIllegalActionChangesNothing) {
  const auto result = act(Action::promote);
  EXPECT_EQ(result.kind, Kind::refused);
  EXPECT_FALSE(result.message.empty());
  EXPECT_TRUE(journal.empty());
}

TEST_F(Loop, AnUnknownServiceIsNamed) {
  const auto result = wait(loop->act("cart", {}, {}, "tester"));
  EXPECT_EQ(result.kind, Kind::unknown_service);
  EXPECT_THAT(result.message, HasSubstr("cart"));
}

TEST_F(Loop, EveryTransitionIsAnEventWithWhoAndWhy) {
  std::vector<Event> heard;
  loop->events().subscribe([&](const Event& event) { heard.push_back(event); });
  act(Action::start);
  act(Action::abort);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].transition.kind, "start");
  EXPECT_EQ(heard[1].transition.kind, "abort");
  EXPECT_EQ(heard[1].who, "tester");
  EXPECT_EQ(heard[1].id, heard[0].id + 1);
}

TEST_F(Loop, RollsBackByItselfOnWhatTheWorkersCount) {
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 100;
  publication.counted[Version::green].evidence_errors = 60;
  publication.counted[Version::blue].evidence_requests = 1'000;
  boost::asio::co_spawn(control, loop->run(), boost::asio::detached);
  control.restart();
  while (state().phase == Phase::progressing) control.run_one();
  EXPECT_EQ(state().phase, Phase::degraded);
  EXPECT_EQ(publication.last->services[0]->weight, Weight::none());
  EXPECT_THAT(state().reason, HasSubstr("errors"));
  loop->stop();
  control.run();
}

TEST_F(Loop, WhatWasCountedBeforeTheStartIsNoEvidence) {
  publication.counted[Version::green].evidence_requests = 100;
  publication.counted[Version::green].evidence_errors = 100;
  act(Action::start);
  boost::asio::co_spawn(control, loop->run(), boost::asio::detached);
  control.restart();
  for (int turns = 0; turns < 10; ++turns) control.run_one();
  EXPECT_EQ(state().phase, Phase::progressing);
  loop->stop();
  control.run();
}

TEST_F(Loop, OneClientThatTriesAgainAndAgainIsOneFailure) {
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 60;
  publication.counted[Version::green].evidence_errors = 40;
  publication.counted[Version::blue].evidence_requests = 760;
  const outcomes::Failure failure{.key = 7, .epoch = 1, .version = Version::green, .error = true};
  publication.failed.assign(40, failure);
  turn(10);
  EXPECT_EQ(state().phase, Phase::progressing) << state().reason;
  EXPECT_EQ(loop->status("shop")->repeated_failures[Version::green], 39U);
}

TEST_F(Loop, FailuresOfAnEarlierRolloutRepeatNothing) {
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 60;
  publication.counted[Version::green].evidence_errors = 40;
  publication.counted[Version::blue].evidence_requests = 760;
  publication.failed.assign(40, {.key = 7, .epoch = 99, .version = Version::green, .error = true});
  turn(10);
  EXPECT_EQ(state().phase, Phase::degraded);
}

TEST_F(Loop, AtOnceAllKnowsWhatStableDidBefore) {
  wait(loop->apply(plan_of({{Weight::all(), std::chrono::hours(1), 0, false}}), no_endpoints));
  publication.counted[Version::blue].evidence_requests = 1'000;
  publication.counted[Version::blue].evidence_errors = 200;
  turn(2);  // while nothing is rolled out, once a second each
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 500;
  publication.counted[Version::green].evidence_errors = 100;
  turn(10);
  EXPECT_EQ(state().phase, Phase::progressing) << state().reason;
}

TEST_F(Loop, ATransitionIsSavedWithWhatIsToBeToldOfIt) {
  wait(loop->apply(plan_with_hook(Hook::At::before_promotion), no_endpoints));
  act(Action::start);
  ASSERT_EQ(store.notices.size(), 1U);
  EXPECT_EQ(store.notices[0].kind, "start");
  act(Action::abort);
  ASSERT_EQ(store.notices.size(), 2U);
  EXPECT_EQ(store.notices[1].kind, "abort");
  begin(plan_with_hook(Hook::At::before_promotion));
  EXPECT_EQ(loop->notices().waiting(), store.notices);
}

TEST_F(Loop, NobodyIsToldOfARiseTheDiskRefused) {
  wait(loop->apply(plan_with_hook(Hook::At::before_promotion), no_endpoints));
  store.full = true;
  EXPECT_EQ(act(Action::start).kind, Kind::not_persisted);
  EXPECT_TRUE(loop->notices().waiting().empty());
}

TEST_F(Loop, ARolloutGoesOnOnceItsHookHasPassed) {
  wait(loop->apply(plan_with_hook(Hook::At::before_start), no_endpoints));
  poster.scripts["qa"] = {status(204)};
  act(Action::start);
  EXPECT_EQ(state().weight, Weight::none());
  turn(20);
  EXPECT_EQ(state().weight, Weight::percent(5));
  EXPECT_EQ(poster.posts.size(), 1U);
}

TEST_F(Loop, AHookIsAskedOnceHoweverOftenTheLoopLooks) {
  wait(loop->apply(plan_with_hook(Hook::At::before_start), no_endpoints));
  act(Action::start);
  turn(30);
  EXPECT_EQ(poster.posts.size(), 1U);
  EXPECT_THAT(loop->status("shop")->hooks_asked, ElementsAre("qa"));
  EXPECT_EQ(state().weight, Weight::none());
}

TEST_F(Loop, AHookThatHangsHoldsUpNoAbortAndItsLateAnswerNothing) {
  wait(loop->apply(plan_with_hook(Hook::At::before_start), no_endpoints));
  act(Action::start);
  turn(10);
  act(Action::abort);
  EXPECT_EQ(state().phase, Phase::degraded);
  poster.let_go();
  control.restart();
  control.poll();
  EXPECT_EQ(state().phase, Phase::degraded);
  EXPECT_TRUE(loop->status("shop")->hooks_asked.empty());
}

TEST_F(Loop, AHookWithoutAnAnswerHoldsAfterItsTries) {
  wait(loop->apply(plan_with_hook(Hook::At::before_start, 1), no_endpoints));
  poster.scripts["qa"] = {status(500), status(200, "<html>")};
  act(Action::start);
  while (state().phase == Phase::progressing) turn(1);
  EXPECT_EQ(state().phase, Phase::paused);
  EXPECT_EQ(state().reason,
            "hook qa: no answer after 2 tries: status 200 with a body that is no verdict");
  EXPECT_EQ(poster.posts.size(), 2U);
  EXPECT_EQ(poster.posts[0].id, poster.posts[1].id);
  const auto counts = loop->status("shop")->hook_counts;
  EXPECT_EQ(counts.at({"qa", rollout::HookVerdict::error}), 2U);
}

TEST_F(Loop, AHookWhoseAnswerWasNotRecordedIsAskedAgainByTheNextProcess) {
  wait(loop->apply(plan_with_hook(Hook::At::before_start), no_endpoints));
  act(Action::start);
  turn(10);
  loop->stop();
  control.poll();
  running = false;
  begin(plan_with_hook(Hook::At::before_start));
  poster.scripts["qa"] = {status(200)};
  turn(20);
  EXPECT_EQ(state().weight, Weight::percent(5));
  ASSERT_EQ(poster.posts.size(), 2U);
  EXPECT_EQ(poster.posts[0].id, poster.posts[1].id);
}

TEST_F(Loop, AHookThatWasToldOfARollbackIsNotToldAgain) {
  wait(loop->apply(plan_with_hook(Hook::At::after_rollback), no_endpoints));
  poster.scripts["qa"] = {status(200), status(200)};
  act(Action::start);
  act(Action::abort);
  while (state().passed_hooks.empty()) turn(1);
  turn(1);
  EXPECT_EQ(poster.posts.size(), 1U);
  EXPECT_THAT(state().passed_hooks, ElementsAre("qa"));
}

TEST_F(Loop, WhoeverResumesAfterAGuardHeldIsNotHeldForTheSameAgain) {
  wait(loop->apply(plan_of(ramp, GuardAction::hold), no_endpoints));
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 100;
  publication.counted[Version::green].evidence_errors = 60;
  publication.counted[Version::blue].evidence_requests = 1'000;
  turn(10);
  ASSERT_EQ(state().pause_reason, rollout::PauseReason::guard);
  act(Action::resume);
  turn(10);
  EXPECT_EQ(state().phase, Phase::progressing) << state().reason;
}

/// A canary that fails, and what was seen of it by the workers.
class Why : public Loop {
 protected:
  void fail_on_canary() {
    publication.counted[Version::green].evidence_requests = 100;
    publication.counted[Version::green].evidence_errors = 60;
    publication.counted[Version::blue].evidence_requests = 1'000;
    publication.sampled = {sample("canary", Version::green), sample("stable", Version::blue)};
  }
  void roll_back() {
    act(Action::start);
    fail_on_canary();
    while (state().phase == Phase::progressing) turn(1);
  }
  void restart() {
    loop->stop();
    control.restart();
    control.run();
    running = false;
    begin();
  }
  outcomes::FoundSample sample(const std::string& id, Version version) {
    return {state().epoch, 0, version, failed_request(id)};
  }
  static std::vector<std::string> ids(const rollout::Seen& seen) {
    std::vector<std::string> ids;
    for (const auto& each : seen.samples) ids.emplace_back(each.request_id.view());
    return ids;
  }
  Event last_event() { return loop->events().after(loop->events().last_id() - 1).at(0); }
};

TEST_F(Why, ARollbackCarriesGuardCountsAndSamplesOfBoth) {
  roll_back();
  const auto event = last_event();
  const auto& told = event.transition;
  ASSERT_EQ(told.kind, "rollback");
  EXPECT_EQ(told.guard, "errors");
  EXPECT_EQ(told.seen.canary.counts, (outcomes::EvidenceCounts{100, 60, 0}));
  EXPECT_EQ(told.seen.stable.counts, (outcomes::EvidenceCounts{1'000, 0, 0}));
  EXPECT_THAT(ids(told.seen.canary), ElementsAre("canary"));
  EXPECT_THAT(ids(told.seen.stable), ElementsAre("stable"));
  const auto status = loop->status("shop");
  EXPECT_EQ(status->seen, told.seen);
  EXPECT_EQ(status->last, in_short(event));
}

TEST_F(Why, AnAbortCarriesThemToo) {
  wait(loop->apply(plan_of(ramp, GuardAction::warn), no_endpoints));
  act(Action::start);
  fail_on_canary();
  turn(10);
  act(Action::abort);
  const auto told = last_event().transition;
  ASSERT_EQ(told.kind, "abort");
  EXPECT_EQ(told.guard, "") << "none acted";
  EXPECT_EQ(told.assessments.at(0).verdict, rollout::Verdict::worse);
  EXPECT_THAT(ids(told.seen.canary), ElementsAre("canary"));
}

TEST_F(Why, ARolloutBeginsWithNothingBehindIt) {
  roll_back();
  act(Action::retry);
  EXPECT_EQ(last_event().transition.seen, rollout::SeenOfBoth{});
  EXPECT_TRUE(last_event().transition.assessments.empty());
  EXPECT_EQ(loop->status("shop")->seen, rollout::SeenOfBoth{});
}

TEST_F(Why, SamplesOfAnotherRolloutOrOfNoneAreDropped) {
  publication.sampled = {sample("before", Version::green)};
  turn(2);
  act(Action::start);
  publication.sampled = {sample("now", Version::green)};
  publication.sampled.push_back(publication.sampled[0]);
  publication.sampled[1].epoch = 99;
  publication.sampled.push_back(publication.sampled[0]);
  publication.sampled[2].service = 7;
  turn(10);
  EXPECT_THAT(ids(loop->status("shop")->seen.canary), ElementsAre("now"));
}

TEST_F(Why, TheHistoryTellsOfRolloutsThatEnded) {
  act(Action::start);
  EXPECT_TRUE(history.past("shop").empty());
  act(Action::abort);
  EXPECT_EQ(history.past("shop").size(), 1U);
  roll_back();
  const auto past = history.past("shop");
  ASSERT_EQ(past.size(), 2U);
  EXPECT_EQ(past[0].last.guard, "errors");
  EXPECT_EQ(past[0].greatest, Weight::percent(5));
  EXPECT_THAT(ids(past[0].seen.canary), ElementsAre("canary"));
}

// A scale-down notice, or a hook that could not be told of the rollback.
TEST_F(Why, WhatIsToldAfterTheEndChangesNothingOfIt) {
  auto plan = std::make_shared<Plan>(*plan_of(ramp));
  plan->services[0].rollout.bake = Milliseconds(1);
  wait(loop->apply(plan, no_endpoints));
  roll_back();
  const auto before = *loop->status("shop");
  const auto past = history.past("shop");
  while (last_event().transition.kind != "scale-down") turn(1);
  EXPECT_EQ(loop->status("shop")->last, before.last);
  EXPECT_EQ(history.past("shop"), past);
}

TEST_F(Why, TheNextProcessStillKnows) {
  roll_back();
  const auto before = *loop->status("shop");
  restart();
  const auto after = *loop->status("shop");
  EXPECT_EQ(after.guards, before.guards);
  EXPECT_EQ(after.seen, before.seen);
  EXPECT_EQ(after.last, before.last);
}

TEST_F(Why, TheNextProcessCountsOnWhereThisOneStopped) {
  act(Action::start);
  publication.counted[Version::green].evidence_requests = 40;
  turn(10);
  restart();
  publication.counted[Version::green].evidence_requests += 2;
  turn(10);
  EXPECT_EQ(loop->status("shop")->seen.canary.counts.requests, 42U);
}

}  // namespace
}  // namespace weir::rollout_loop
