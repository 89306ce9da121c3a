#include "rollout_loop/hook_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace weir::rollout_loop {
namespace {

using rollout::HookVerdict;

Hook hook(Hook::At at = Hook::At::before_step) {
  Hook made;
  made.name = "load-test";
  made.at = at;
  return made;
}

struct Meaning {
  unsigned status;
  std::string body;
  HookVerdict verdict;
  std::string reason;
};

TEST(HookAnswer, MeansWhatTheReadmeSays) {
  using enum HookVerdict;
  const std::vector<Meaning> meanings{
      {200, "", pass, "status 200"},
      {204, "", pass, "status 204"},
      {200, R"({"verdict":"pass"})", pass, "status 200"},
      {200, R"({"verdict":"pass","reason":"9 of 9"})", pass, "9 of 9"},
      {200, R"({"verdict":"fail","reason":"2 of 9 are red"})", fail, "2 of 9 are red"},
      {200, R"({"verdict":"fail"})", fail, "status 200"},
      {200, "OK", error, "status 200 with a body that is no verdict"},
      {200, "<html>log in</html>", error, "status 200 with a body that is no verdict"},
      {200, "{}", error, "status 200 with a body that is no verdict"},
      {200, R"({"verdict":"maybe"})", error, "status 200 with a body that is no verdict"},
      {200, R"({"verdict":true})", error, "status 200 with a body that is no verdict"},
      {200, R"(["pass"])", error, "status 200 with a body that is no verdict"},
      {200, R"({"verdict":"pass")", error, "status 200 with a body that is no verdict"},
      {100, "", error, "status 100"},
      {302, "", error, "status 302"},
      {400, "", fail, "status 400"},
      {403, R"({"reason":"frozen"})", fail, "frozen"},
      {404, R"({"verdict":"pass"})", fail, "status 404"},
      {408, "", error, "status 408"},
      {425, "", error, "status 425"},
      {429, "", error, "status 429"},
      {500, R"({"verdict":"pass"})", error, "status 500"},
      {503, "", error, "status 503"}};
  for (const auto& [status, body, verdict, reason] : meanings) {
    const auto report = judge(hook(), {status, body, {}});
    EXPECT_EQ(report.hook, "load-test");
    EXPECT_EQ(report.verdict, verdict) << status << ' ' << body;
    EXPECT_EQ(report.reason, reason) << status << ' ' << body;
  }
}

TEST(HookAnswer, NoneIsAnErrorThatSaysWhy) {
  const auto report = judge(hook(), {0, {}, "timed out after 5000 ms"});
  EXPECT_EQ(report.verdict, HookVerdict::error);
  EXPECT_EQ(report.reason, "timed out after 5000 ms");
}

TEST(HookAnswer, AReasonIsOneShortLineOfWholeCharacters) {
  const auto report = judge(
      hook(), {200, R"({"verdict":"fail","reason":"a\nb)" + std::string(196, '.') + "äö\"}", {}});
  EXPECT_EQ(report.reason, "a b" + std::string(196, '.'));
}

boost::json::object asked(Hook::At at, std::uint32_t step, Weight weight) {
  ServicePlan service;
  service.name = "shop";
  service.rollout.steps = {{Weight::percent(5)}, {Weight::percent(50)}};
  rollout::RolloutState state;
  state.epoch = 3;
  state.phase = rollout::Phase::progressing;
  state.step = step;
  state.weight = weight;
  state.revision = "v2";
  return boost::json::parse(question(hook(at), service, state).body).as_object();
}

TEST(HookQuestion, SaysWhatIsAboutToHappen) {
  const auto next = [](Hook::At at, std::uint32_t step, Weight weight) {
    return asked(at, step, weight).at("next_weight_percent").to_number<double>();
  };
  EXPECT_EQ(next(Hook::At::before_start, 0, Weight::none()), 5);
  EXPECT_EQ(next(Hook::At::before_step, 0, Weight::percent(5)), 50);
  EXPECT_EQ(next(Hook::At::before_promotion, 1, Weight::percent(50)), 100);
  EXPECT_EQ(next(Hook::At::after_rollback, 1, Weight::none()), 0);
}

TEST(HookQuestion, IsAnotherOneBeforeEachStep) {
  EXPECT_NE(asked(Hook::At::before_step, 0, Weight::none()).at("id"),
            asked(Hook::At::before_step, 0, Weight::percent(5)).at("id"));
}

TEST(HookQuestion, IsTheSameFromEveryProcess) {
  const auto body = asked(Hook::At::before_step, 0, Weight::percent(5));
  EXPECT_EQ(body, asked(Hook::At::before_step, 0, Weight::percent(5)));
  EXPECT_EQ(body.at("id"), "shop-3-before_step-1-load-test");
  EXPECT_EQ(body.at("service"), "shop");
  EXPECT_EQ(body.at("at"), "before_step");
  EXPECT_EQ(body.at("revision"), "v2");
}

}  // namespace
}  // namespace weir::rollout_loop
