#include <gtest/gtest.h>

#include <string_view>
#include <utility>

#include "rollout/decide.h"
#include "rollout/wording.h"

namespace weir::rollout {
namespace {

TEST(Names, OfPhasesReadBack) {
  const std::pair<Phase, std::string_view> names[] = {{Phase::healthy, "Healthy"},
                                                      {Phase::progressing, "Progressing"},
                                                      {Phase::paused, "Paused"},
                                                      {Phase::degraded, "Degraded"}};
  for (const auto& [phase, name] : names) {
    EXPECT_EQ(name_of(phase), name);
    EXPECT_EQ(phase_named(name), phase);
  }
}

TEST(Names, OfPauseReasonsReadBack) {
  const std::pair<PauseReason, std::string_view> names[] = {
      {PauseReason::none, ""},
      {PauseReason::gate, "gate"},
      {PauseReason::operator_request, "operator"},
      {PauseReason::guard, "guard"},
      {PauseReason::weight_set, "weight"},
      {PauseReason::evidence, "evidence"}};
  for (const auto& [reason, name] : names) {
    EXPECT_EQ(name_of(reason), name);
    EXPECT_EQ(pause_reason_named(name), reason);
  }
}

TEST(Names, OfActionsReadBack) {
  const std::pair<Action, std::string_view> names[] = {
      {Action::start, "start"},        {Action::pause, "pause"},
      {Action::resume, "resume"},      {Action::promote, "promote"},
      {Action::abort, "abort"},        {Action::retry, "retry"},
      {Action::undo, "undo"},          {Action::set_weight, "set-weight"},
      {Action::heartbeat, "heartbeat"}};
  for (const auto& [action, name] : names) {
    EXPECT_EQ(name_of(action), name);
    EXPECT_EQ(action_named(name), action);
  }
}

TEST(Names, OfVerdicts) {
  EXPECT_EQ(name_of(Verdict::insufficient), "insufficient");
  EXPECT_EQ(name_of(Verdict::fine), "fine");
  EXPECT_EQ(name_of(Verdict::worse), "worse");
}

TEST(Names, OfMeasures) {
  EXPECT_EQ(name_of(Measure::share), "share");
  EXPECT_EQ(name_of(Measure::evidence), "evidence");
}

TEST(Wording, KeepsAmountsShort) {
  const std::pair<double, const char*> amounts[] = {
      {0, "0"},       {0.4123, "0.412"}, {99.94, "99.9"},       {100, "100"},
      {240.4, "240"}, {5'028.7, "5029"}, {999'999.4, "999999"}, {1'234'567, "1.23e+06"}};
  for (const auto& [amount, text] : amounts) EXPECT_EQ(amount_text(amount), text);
}

TEST(Names, ThatAreUnknownAreNoGuess) {
  EXPECT_EQ(phase_named("healthy"), std::nullopt) << "letter case counts";
  EXPECT_EQ(phase_named(""), std::nullopt);
  EXPECT_EQ(pause_reason_named("gates"), std::nullopt);
  EXPECT_EQ(action_named("set_weight"), std::nullopt);
}

}  // namespace
}  // namespace weir::rollout
