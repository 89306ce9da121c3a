#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <vector>

namespace weir::cli {
namespace {

using testing::HasSubstr;

std::variant<Options, ExitCode> read(std::vector<const char*> words) {
  words.insert(words.begin(), "weir");
  return read_options(static_cast<int>(words.size()), words.data());
}

Options options_of(std::vector<const char*> words) {
  const auto parsed = read(std::move(words));
  return std::holds_alternative<Options>(parsed) ? std::get<Options>(parsed) : Options{};
}

TEST(CommandLine, EveryActionIsACommand) {
  for (const auto* name : {"start", "pause", "resume", "promote", "abort", "retry", "undo"}) {
    const auto options = options_of({name, "--service", "shop", "--reason", "why"});
    EXPECT_EQ(options.command, Command::act) << name;
    EXPECT_EQ(options.action.action, rollout::action_named(name));
    EXPECT_EQ(options.action.reason, "why");
    EXPECT_EQ(options.service, "shop");
  }
}

TEST(CommandLine, ActionsHaveOptionsOfTheirOwn) {
  EXPECT_EQ(options_of({"start", "--revision", "v2", "--wait"}).action.revision, "v2");
  EXPECT_TRUE(options_of({"promote", "--full"}).action.full);
  EXPECT_TRUE(options_of({"start", "--force"}).action.force);
  EXPECT_FALSE(options_of({"start"}).action.force);
  EXPECT_EQ(options_of({"set-weight", "12.5%"}).action.weight.basis_points(), 1'250u);
  EXPECT_EQ(options_of({"abort", "--if-epoch", "7"}).if_epoch, 7u);
  EXPECT_EQ(options_of({"run", "--config", "weir.yaml"}).config, "weir.yaml");
  EXPECT_EQ(options_of({"check", "-c", "weir.yaml"}).command, Command::check);
  EXPECT_EQ(options_of({"history", "-s", "shop", "-o", "json"}).command, Command::history);
  EXPECT_TRUE(options_of({"history", "-o", "json"}).json);
}

TEST(CommandLine, ASimulationIsToldOfTheTraffic) {
  const auto options = options_of({"simulate", "-c", "weir.yaml", "--error-rate", "3%",
                                   "--baseline", "0.2%", "--rate", "250/s", "--runs", "7"});
  EXPECT_EQ(options.command, Command::simulate);
  EXPECT_EQ(options.simulation.broken_errors, Weight::percent(3));
  EXPECT_EQ(options.simulation.stable_errors.basis_points(), 20u);
  EXPECT_EQ(options.simulation.requests_per_second, 250);
  EXPECT_EQ(options.simulation.runs, 7u);
}

TEST(CommandLine, ATimeoutIsADuration) {
  EXPECT_EQ(options_of({"start", "--wait"}).timeout, std::chrono::minutes(10));
  EXPECT_EQ(options_of({"start", "--wait", "--timeout", "90s"}).timeout, std::chrono::seconds(90));
  EXPECT_EQ(options_of({"start", "--wait", "--timeout", "0"}).timeout, Milliseconds(0));
  EXPECT_EQ(options_of({"status", "--watch"}).timeout, Milliseconds(0)) << "watching has no end";
}

TEST(CommandLine, TheEnvironmentFillsInWhatIsLeftOut) {
  ::setenv("WEIR_SERVER", "http://weir:9901", 1);
  EXPECT_EQ(options_of({"status"}).server, "http://weir:9901");
  EXPECT_EQ(options_of({"status", "--server", "http://b:1"}).server, "http://b:1");
  ::unsetenv("WEIR_SERVER");
  EXPECT_EQ(options_of({"status"}).server, "http://127.0.0.1:9901");
}

TEST(CommandLine, AMistakeIsWrongUseAndSaysWhat) {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {},
           {"explode"},
           {"run"},
           {"set-weight"},
           {"set-weight", "101%"},
           {"set-weight", "many"},
           {"start", "--timeout", "soon"},
           {"start", "--output", "yaml"},
           {"start", "--if-epoch", "-1"},
           {"pause", "--wait"},
           {"abort", "--force"},
           {"pause", "--revision", "v2"},
           {"status", "--service", "a/b"},
           {"status", "--service", ""},
           {"simulate", "-c", "w"},
           {"simulate", "-c", "w", "--error-rate", "3"},
           {"simulate", "-c", "w", "--error-rate", "3%", "--rate", "0/s"},
           {"status", "shop"}}) {
    testing::internal::CaptureStderr();
    const auto parsed = read(words);
    const auto said = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(std::holds_alternative<ExitCode>(parsed)) << testing::PrintToString(words);
    EXPECT_EQ(std::get<ExitCode>(parsed), ExitCode::wrong_use) << said;
    EXPECT_THAT(said, testing::StartsWith("error: "));
  }
}

TEST(CommandLine, HelpAndVersionAreNoMistakes) {
  for (const auto* word : {"--help", "--version"}) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(std::get<ExitCode>(read({word})), ExitCode::done);
    EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("weir"));
  }
}

}  // namespace
}  // namespace weir::cli
