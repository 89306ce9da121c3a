#include "cli/verdict.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

Position at(std::uint64_t epoch, const std::string& phase) { return {epoch, phase, 0, 0}; }

TEST(RolloutWait, EndsWithItsRollout) {
  const RolloutWait wait(7);
  EXPECT_EQ(wait.judge(at(7, "Progressing")), std::nullopt);
  EXPECT_EQ(wait.judge(at(7, "Paused")), std::nullopt);
  EXPECT_EQ(wait.judge(at(7, "Healthy")), ExitCode::done);
  EXPECT_EQ(wait.judge(at(7, "Degraded")), ExitCode::rolled_back);
}

TEST(RolloutWait, EndsWhenAnotherRolloutTookItsPlace) {
  const RolloutWait wait(7);
  for (const auto* phase : {"Progressing", "Healthy", "Degraded"}) {
    EXPECT_EQ(wait.judge(at(8, phase)), ExitCode::rolled_back) << phase;
  }
  EXPECT_EQ(wait.judge(at(0, "Healthy")), ExitCode::rolled_back) << "the proxy lost its state";
}

TEST(RolloutWait, RemembersThatItFinishedBeforeItWasReplaced) {
  RolloutWait wait(7);
  wait.note({"shop", "step", "", at(7, "Progressing"), 0});
  wait.note({"shop", "undo", "", at(8, "Healthy"), 0});
  EXPECT_EQ(wait.judge(at(8, "Progressing")), ExitCode::rolled_back);
  wait.note({"shop", "finish", "", at(7, "Healthy"), 0});
  EXPECT_EQ(wait.judge(at(8, "Progressing")), ExitCode::done);
}

TEST(Heartbeat, IsAThirdOfTheTimeoutAndAtMostTenSeconds) {
  EXPECT_DOUBLE_EQ(heartbeat_seconds(0), 10);
  EXPECT_DOUBLE_EQ(heartbeat_seconds(3), 1);
  EXPECT_DOUBLE_EQ(heartbeat_seconds(30), 10);
  EXPECT_DOUBLE_EQ(heartbeat_seconds(3'600), 10);
}

TEST(ExitCodes, FollowTheStatus) {
  for (const unsigned status : {400u, 401u, 404u, 409u, 412u, 422u}) {
    EXPECT_EQ(exit_code_of(status), ExitCode::wrong_use) << status;
  }
  EXPECT_EQ(exit_code_of(200), ExitCode::done);
  EXPECT_EQ(exit_code_of(302), ExitCode::unreachable);
  EXPECT_EQ(exit_code_of(503), ExitCode::unreachable);
}

}  // namespace
}  // namespace weir::cli
