#include "cli/panel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sample_rollout.h"

namespace weir::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;

RolloutView sample() { return read_rollout(sample_rollout()); }

TEST(Panel, ShowsWeightStepEvidenceAndTimeLeft) {
  EXPECT_THAT(
      panel_lines(sample(), 80),
      ElementsAre(
          "shop  Progressing  epoch 7  revision v2",
          "[#################---------------------------------------------------] green 25%",
          "step 2 of 2  50 s left  40 of 100 requests  then waits for promote",
          "               requests    errors                  active  usable",
          "blue   stable  1000        1% (10/1000)            3       2/3",
          "green  canary  200         0.5% (1/200)            1       1/1 PANIC",
          "guard errors   fine         0.5% of 2%  requests 200 canary, 900 stable",
          "last: step 2 of 2, 25%"));
}

TEST(Panel, ShowsEvidenceAsANumber) {
  auto view = sample();
  view.why.guards[0] = {"errors", "worse", "", "evidence", 240.4, 100, 900, 40};
  EXPECT_EQ(panel_lines(view, 80)[6],
            "guard errors   worse        evidence 240 of 100  requests 40 canary, 900 stable");
}

TEST(Panel, IsNeverWiderThanTheWindow) {
  auto view = sample();
  view.reason = "zurückgerollt " + std::string(300, 'x');
  for (std::size_t columns = 20; columns < 140; ++columns) {
    const auto lines = panel_lines(view, columns);
    for (const auto& line : lines) {
      const auto ends = [](char octet) {
        return (static_cast<unsigned char>(octet) & 0xc0U) != 0x80U;
      };
      ASSERT_LE(std::count_if(line.begin(), line.end(), ends), static_cast<long>(columns)) << line;
    }
  }
}

TEST(Panel, NeverCutsACharacterInTwo) {
  auto view = sample();
  view.reason = std::string(60, '\0');
  for (std::size_t i = 0; i < 60; i += 2) view.reason.replace(i, 2, "ü");
  EXPECT_EQ(panel_lines(view, 20).back(), "last: üüüüüüüüüüüüüü");
}

TEST(Panel, TheBarFollowsTheWeight) {
  auto view = sample();
  for (const double percent : {0.0, 0.01, 50.0, 100.0}) {
    view.at.weight_percent = percent;
    const auto bar = panel_lines(view, 60)[1];
    const auto filled = static_cast<double>(std::count(bar.begin(), bar.end(), '#'));
    const auto width = filled + static_cast<double>(std::count(bar.begin(), bar.end(), '-'));
    EXPECT_NEAR(filled / width, percent / 100, 0.02);
  }
}

TEST(Panel, OutsideARolloutSaysWhoServes) {
  auto view = sample();
  view.at.phase = "Healthy";
  view.at.step = 2;
  EXPECT_EQ(panel_lines(view, 80)[2], "blue serves everything");
}

TEST(Panel, TakesNothingTheServerSaysForATerminalCommand) {
  auto body = sample_rollout();
  body.as_object()["reason"] = "a\x1b[2Jb\xc2\x9b\n";
  const auto view = read_rollout(body);
  EXPECT_EQ(view.reason, "a?[2Jb\xc2??");
}

TEST(Summary, IsOneLine) {
  EXPECT_EQ(summary_line(sample()), "shop: Progressing at 25%, step 2 of 2 (epoch 7)");
  auto view = sample();
  view.at = {7, "Degraded", 0, 1};
  view.reason = "errors: canary 12.5% above 2%";
  EXPECT_EQ(summary_line(view),
            "shop: Degraded at 0%, blue is stable (epoch 7): errors: canary 12.5% above 2%");
}

TEST(Panel, SaysWhatStandsInTheWay) {
  auto body = sample_rollout();
  auto& rollout = body.as_object();
  rollout["freeze"] = {{"window", "nights"}, {"text", "freeze window nights until 08:00"}};
  EXPECT_THAT(panel_lines(read_rollout(body), 80),
              Contains("frozen: freeze window nights until 08:00"));
  rollout["hold"] = {{"by", "capacity"}, {"reason", "capacity: green can take 100"}};
  const auto view = read_rollout(body);
  EXPECT_THAT(panel_lines(view, 80), Contains("hold: capacity: green can take 100"));
  EXPECT_EQ(summary_line(view),
            "shop: Progressing at 25%, step 2 of 2 (epoch 7): hold: capacity: green can take 100");
  rollout["hold"] = nullptr;
  EXPECT_EQ(read_rollout(body).hold, "");
}

TEST(Panel, ShowsCopiesApart) {
  auto body = sample_rollout();
  EXPECT_EQ(read_rollout(body).mirror, std::nullopt) << "a proxy of an earlier version";
  auto& mirror = body.as_object()["mirror"];
  mirror = nullptr;
  EXPECT_EQ(read_rollout(body).mirror, std::nullopt) << "off";
  mirror = boost::json::parse(R"({"share_percent": 2.5, "to": "green", "same_status": 20,
      "other_status": 5, "failed": 2, "dropped": 1, "by_class": {},
      "mean_original_seconds": 0.0082, "mean_copy_seconds": 0.02})");
  EXPECT_THAT(panel_lines(read_rollout(body), 100),
              Contains("mirror 2.5% to green: 20 same status, 5 other, 2 failed, 1 dropped"
                       "  20 ms against 8 ms"));
  mirror.as_object()["mean_copy_seconds"] = nullptr;
  EXPECT_THAT(panel_lines(read_rollout(body), 100),
              Contains("mirror 2.5% to green: 20 same status, 5 other, 2 failed, 1 dropped"));
}

TEST(ChangeLine, SaysWhenWhatAndWhy) {
  const EventView event{
      "shop", "step", "step 2 of 2, 25%", {7, "Progressing", 25, 1}, 1'700'000'000'123};
  EXPECT_EQ(change_line(event),
            "22:13:20 shop: step: Progressing at 25% (epoch 7): step 2 of 2, 25%");
}

TEST(RolloutView, IsNotMadeOfSomethingElse) {
  EXPECT_ANY_THROW(read_rollout(boost::json::parse("[]")));
  EXPECT_ANY_THROW(read_rollout(boost::json::parse(R"({"service": "shop"})")));
  auto body = sample_rollout();
  body.as_object()["epoch"] = "seven";
  EXPECT_ANY_THROW(read_rollout(body));
}

}  // namespace
}  // namespace weir::cli
