#include "cli/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <future>
#include <vector>

#include "stream/admin_stage.h"

namespace weir::cli {
namespace {

using admin::AdminStage;
using testing::AllOf;
using testing::HasSubstr;

struct Ran {
  int code = 0;
  std::string out, err;
};

int serve_nothing(const std::string& config_file, const std::string& take_over) {
  if (config_file != "weir.yaml") return 1;
  return take_over.empty() ? 42 : take_over == "/run/weir.sock" ? 43 : 1;
}

int run_words(std::vector<std::string> words) {
  words.insert(words.begin(), "weir");
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  return run_command(static_cast<int>(pointers.size()), pointers.data(), &serve_nothing);
}

/// A command with its output, while `meanwhile` happens.
template <class Meanwhile>
Ran run_while(std::vector<std::string> words, Meanwhile meanwhile) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  auto code = std::async(std::launch::async, run_words, std::move(words));
  meanwhile();
  Ran ran{code.get(), {}, {}};
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

Ran run(std::vector<std::string> words) {
  return run_while(std::move(words), [] {});
}

std::vector<std::string> at(const AdminStage& stage, std::vector<std::string> words) {
  words.insert(words.end(), {"--server", stage.url()});
  return words;
}

AdminStage::Setting one_service(Milliseconds hold) { return {.services = {"shop"}, .hold = hold}; }

constexpr Milliseconds forever{3'600'000};

void await_phase(const AdminStage& stage, const std::string& phase) {
  for (int tries = 0; tries < 500; ++tries) {
    const auto body = stage.ask(admin::Verb::get, "/v1/services/shop/rollout").body();
    if (body.find("\"phase\":\"" + phase) != std::string::npos) return;
    std::this_thread::sleep_for(Milliseconds(10));
  }
  FAIL() << "never " << phase;
}

TEST(Run, HandsOverWhomToReplace) {
  EXPECT_EQ(run({"run", "--config", "weir.yaml", "--take-over", "/run/weir.sock"}).code, 43);
}

TEST(Run, HandsTheConfigurationOver) { EXPECT_EQ(run({"run", "--config", "weir.yaml"}).code, 42); }

TEST(Check, CountsTheServicesOfAGoodConfiguration) {
  const auto file = std::string(WEIR_SOURCE_DIR) + "/config/two-services.yaml";
  const auto ran = run({"check", "--config", file});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, file + ": ok (2 services)\n");
}

TEST(Check, PrintsEveryMistakeAndExitsWith1) {
  const auto file = testing::TempDir() + "weir-bad.yaml";
  std::ofstream(file) << "lisen: [0.0.0.0:80]\nservices: []\n";
  const auto ran = run({"check", "--config", file});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr(file + ": lisen: "), HasSubstr(file + ": services: ")));
  EXPECT_EQ(run({"check", "--config", "/nonexistent.yaml"}).code, 1);
}

TEST(Action, PrintsWhereTheRolloutStands) {
  const AdminStage stage(one_service(forever));
  EXPECT_EQ(run(at(stage, {"start", "--revision", "v2"})).out,
            "shop: Progressing at 5%, step 1 of 2 (epoch 1)\n");
  EXPECT_EQ(run(at(stage, {"set-weight", "7.5"})).out,
            "shop: Paused at 7.5%, step 2 of 2 (epoch 1)\n");
  const auto json = run(at(stage, {"abort", "--output", "json", "--reason", "enough"}));
  EXPECT_EQ(boost::json::parse(json.out).at("reason"), "enough");
}

TEST(Action, NeedsTheServiceNamedWhereThereAreSeveral) {
  const AdminStage stage;
  const auto ran = run(at(stage, {"start"}));
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--service"), HasSubstr("shop, api")));
  EXPECT_EQ(run(at(stage, {"start", "--service", "api"})).code, 0);
}

TEST(Action, RefusedIsWrongUseAndSaysWhy) {
  const AdminStage stage(one_service(forever));
  const auto refused = run(at(stage, {"pause"}));
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.err, "error: cannot pause: the rollout is Healthy (409)\n");
  EXPECT_EQ(run(at(stage, {"start", "--if-epoch", "9"})).err, "error: the epoch is 0 (412)\n");
  EXPECT_EQ(run(at(stage, {"start", "--service", "none"})).code, 1);
}

TEST(Action, WithTheRightTokenOnly) {
  const auto file = testing::TempDir() + "weir-cli-token";
  std::ofstream(file) << "# ours\nsesame\n";
  const AdminStage stage({.services = {"shop"}, .token_file = file});
  EXPECT_EQ(run(at(stage, {"start", "--token-file", file})).code, 0);
  const auto without = run(at(stage, {"abort"}));
  EXPECT_EQ(without.code, 1);
  EXPECT_EQ(without.err, "error: a bearer token is required (401)\n");
  EXPECT_EQ(run(at(stage, {"abort", "--token-file", "/nonexistent"})).code, 1);
}

TEST(AnyCommand, ExitsWith2WhereNobodyAnswers) {
  std::string url;
  {
    const AdminStage stage;
    url = stage.url();
  }
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"status"}, {"start"}, {"start", "--wait", "--service", "shop"}}) {
    auto command = words;
    command.insert(command.end(), {"--server", url});
    const auto ran = run(command);
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.err, "error: cannot connect to " + url + ": Connection refused\n");
  }
}

TEST(AnyCommand, SaysThatHttpsComesLater) {
  const auto ran = run({"status", "--server", "https://weir"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("https is not supported yet"));
}

TEST(StatusCommand, ShowsOneServiceOrAll) {
  const AdminStage stage;
  EXPECT_THAT(run(at(stage, {"status"})).out,
              AllOf(HasSubstr("shop  Healthy  epoch 0\n"), HasSubstr("api  Healthy  epoch 0\n")));
  EXPECT_THAT(run(at(stage, {"status", "--service", "api"})).out, testing::StartsWith("api  "));
  const auto json = run(at(stage, {"status", "--output", "json", "--service", "api"}));
  EXPECT_EQ(boost::json::parse(json.out).at("service"), "api");
}

TEST(Wait, PrintsALinePerChangeUntilTheRolloutIsOver) {
  const AdminStage stage(one_service(Milliseconds(200)));
  const auto ran = run(at(stage, {"start", "--wait"}));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("shop: start: Progressing at 5% (epoch 1)"),
                    HasSubstr("shop: step: Progressing at 50% (epoch 1)"),
                    HasSubstr("shop: finish: Healthy at 0% (epoch 1)"),
                    testing::EndsWith("shop: Healthy at 0%, green is stable (epoch 1)\n")));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4) << ran.out;
}

TEST(Wait, ExitsWith3WhenTheRolloutIsRolledBack) {
  const AdminStage stage(one_service(forever));
  const auto ran = run_while(at(stage, {"start", "--wait"}), [&stage] {
    await_phase(stage, "Progressing");
    stage.post("abort", R"({"reason": "no"})");
  });
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, HasSubstr("shop: abort: Degraded at 0% (epoch 1): no"));
  EXPECT_EQ(ran.err, "error: the rollout was rolled back or replaced\n");
}

TEST(Wait, ExitsWith3WhenTheRolloutWasReplaced) {
  const AdminStage stage(one_service(forever));
  const auto ran = run_while(at(stage, {"start", "--wait"}), [&stage] {
    await_phase(stage, "Progressing");
    stage.post("abort");
    stage.post("start");
  });
  EXPECT_EQ(ran.code, 3) << ran.out;
}

TEST(Wait, ExitsWith0WhenTheRolloutFinishedAndTheNextHasBegun) {
  const AdminStage stage(one_service(forever));
  const auto ran = run_while(at(stage, {"start", "--wait"}), [&stage] {
    await_phase(stage, "Progressing");
    stage.post("promote", R"({"full": true})");
    stage.post("start");
  });
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST(Wait, ExitsWith4WhenItsTimeIsUp) {
  const AdminStage stage(one_service(forever));
  const auto ran = run(at(stage, {"start", "--wait", "--timeout", "300ms"}));
  EXPECT_EQ(ran.code, 4);
  EXPECT_EQ(ran.err, "error: timed out; the rollout may go on\n");
}

TEST(Wait, KeepsARolloutAliveThatNeedsItsDriver) {
  auto setting = one_service(Milliseconds(900));
  setting.driver_timeout = Milliseconds(1'000);
  const AdminStage stage(setting);
  const auto ran = run(at(stage, {"start", "--wait"}));
  EXPECT_EQ(ran.code, 0) << ran.out;
}

TEST(Wait, WithoutItTheRolloutFallsBack) {
  auto setting = one_service(forever);
  setting.driver_timeout = Milliseconds(300);
  const AdminStage stage(setting);
  EXPECT_EQ(run(at(stage, {"start"})).code, 0);
  await_phase(stage, "Degraded");
}

TEST(Watch, BeginsWithTheStatusAndGoesOnUntilInterrupted) {
  const AdminStage stage(one_service(forever));
  const auto ran = run_while(at(stage, {"status", "--watch"}), [&stage] {
    std::this_thread::sleep_for(Milliseconds(200));
    stage.post("start");
    stage.post("abort");
    std::this_thread::sleep_for(Milliseconds(200));
    ::raise(SIGINT);
  });
  EXPECT_EQ(ran.code, 130);
  EXPECT_THAT(ran.out, testing::StartsWith("shop: Healthy at 0%, blue is stable (epoch 0)\n"));
  EXPECT_THAT(ran.out, AllOf(HasSubstr("shop: start: "), HasSubstr("shop: abort: ")));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 3) << ran.out;
}

TEST(Wait, GivesJsonLinesWhereAskedTo) {
  const AdminStage stage(one_service(Milliseconds(50)));
  const auto ran = run(at(stage, {"start", "--wait", "--output", "json"}));
  std::istringstream lines(ran.out);
  std::vector<std::string> kinds;
  std::string phase;
  for (std::string line; std::getline(lines, line);) {
    const auto body = boost::json::parse(line).as_object();
    if (const auto* kind = body.if_contains("kind")) kinds.emplace_back(kind->as_string());
    phase = body.at("phase").as_string();
  }
  EXPECT_THAT(kinds, testing::ElementsAre("start", "step", "finish"));
  EXPECT_EQ(phase, "Healthy");
}

TEST(History, TellsHowEachRolloutEndedNewestFirst) {
  const AdminStage stage(one_service(forever));
  EXPECT_EQ(run(at(stage, {"history"})).out, "no rollout has ended yet\n");
  stage.post("start", R"({"revision": "v2"})");
  stage.post("abort", R"({"reason": "called off"})");
  stage.post("start");
  stage.post("promote", R"({"full": true})");
  const auto ran = run(at(stage, {"history"}));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(testing::StartsWith("epoch 2  finished  green at most 100%  "),
                             HasSubstr("epoch 1  aborted  green at most 5%  "),
                             HasSubstr("revision v2\n  called off\n")));
  const auto json = run(at(stage, {"history", "--output", "json", "--service", "shop"}));
  EXPECT_EQ(boost::json::parse(json.out).at_pointer("/rollouts/1/ended"), "aborted");
  EXPECT_EQ(run(at(stage, {"history", "--service", "nobody"})).code, 1);
}

TEST(Simulate, SaysHowRolloutsWouldEnd) {
  const std::string config = WEIR_SOURCE_DIR "/config/canary.yaml";
  const auto told = run({"simulate", "-c", config, "--error-rate", "20%", "--runs", "5"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("shop: 5 rollouts at 100 requests/s"),
                              HasSubstr("20% errors: finished 0%, rolled back 100%"),
                              HasSubstr("such as: errors: canary")));
  const auto data =
      run({"simulate", "-c", config, "--error-rate", "20%", "--runs", "5", "--output", "json"});
  const auto body = boost::json::parse(data.out);
  EXPECT_EQ(body.at_pointer("/broken/rolled_back").to_number<double>(), 1);
  EXPECT_GT(body.at_pointer("/broken/until_rollback/bad_responses/median").to_number<double>(), 0);
}

TEST(Simulate, NeedsAServiceThatIsThere) {
  const std::string config = WEIR_SOURCE_DIR "/config/two-services.yaml";
  for (const std::string service : {"", "nobody"}) {
    std::vector<std::string> words{"simulate", "-c", config, "--error-rate", "20%"};
    if (!service.empty()) words.insert(words.end(), {"--service", service});
    const auto told = run(words);
    EXPECT_EQ(told.code, 1);
    EXPECT_THAT(told.err, HasSubstr("has no service"));
  }
}

}  // namespace
}  // namespace weir::cli
