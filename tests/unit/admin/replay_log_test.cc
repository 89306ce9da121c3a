#include "admin/replay_log.h"

#include <gtest/gtest.h>

namespace weir::admin {
namespace {

using Found = ReplayLog::Found;

Response answer_saying(const std::string& text) {
  return make_response(Status::ok, "text/plain", text);
}

Found begin(ReplayLog& log, const std::string& key, const std::string& request = "/start\n") {
  Response ignored;
  return log.begin({key, request}, ignored);
}

TEST(ReplayLog, AnswersARepeatedRequestAgain) {
  ReplayLog log;
  const ReplayLog::Entry entry{"k1", "/start\n{}"};
  Response answer;
  EXPECT_EQ(log.begin(entry, answer), Found::nothing);
  EXPECT_EQ(log.begin(entry, answer), Found::in_flight);
  log.finish(entry, answer_saying("first"));
  EXPECT_EQ(log.begin(entry, answer), Found::answered);
  EXPECT_EQ(answer.body(), "first");
}

TEST(ReplayLog, TellsAnotherRequestWithTheSameKey) {
  ReplayLog log;
  begin(log, "k1", "/start\n{}");
  EXPECT_EQ(begin(log, "k1", "/abort\n{}"), Found::different);
  EXPECT_EQ(begin(log, "k1", "/start\n{\"revision\": \"v2\"}"), Found::different);
  EXPECT_EQ(begin(log, "k2", "/start\n{}"), Found::nothing);
}

TEST(ReplayLog, ForgetsARequestThatMayBeTriedAgain) {
  ReplayLog log;
  begin(log, "k1");
  log.forget({"k1", "/start\n"});
  EXPECT_EQ(begin(log, "k1"), Found::nothing);
}

TEST(ReplayLog, KeepsTheLast256) {
  ReplayLog log;
  for (std::size_t i = 0; i < ReplayLog::kept; ++i) begin(log, std::to_string(i));
  EXPECT_EQ(begin(log, "0"), Found::in_flight);
  EXPECT_EQ(begin(log, "one more"), Found::nothing);
  EXPECT_EQ(begin(log, "1"), Found::in_flight);
  EXPECT_EQ(begin(log, "0"), Found::nothing) << "the oldest made room";
  log.finish({"never begun", ""}, answer_saying("x"));
  EXPECT_EQ(begin(log, "never begun"), Found::nothing);
}

}  // namespace
}  // namespace weir::admin
