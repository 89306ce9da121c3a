#include "admin/action_body.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <random>

namespace weir::admin {
namespace {

using rollout::Action;

rollout::ActionRequest accepted(Action action, std::string_view body) {
  auto read = read_action(action, body);
  if (const auto* problem = std::get_if<Problem>(&read)) {
    ADD_FAILURE() << body << ": " << problem->detail;
    return {};
  }
  return std::get<rollout::ActionRequest>(read);
}

std::string pointer_of(Action action, std::string_view body) {
  const auto read = read_action(action, body);
  const auto* problem = std::get_if<Problem>(&read);
  if (problem == nullptr) return "accepted";
  EXPECT_EQ(problem->status, Status::bad_request);
  return std::string(problem->more.at("pointer").as_string());
}

TEST(ActionBody, NothingOrAnEmptyObjectAsksForTheActionAlone) {
  for (const auto* body : {"", "{}", " {} "}) {
    EXPECT_EQ(accepted(Action::pause, body).action, Action::pause);
  }
}

TEST(ActionBody, EachActionHasItsOwnMembers) {
  const auto start = accepted(Action::start, R"({"revision": "v2", "reason": "grün"})");
  EXPECT_EQ(start.revision, "v2");
  EXPECT_EQ(start.reason, "grün");
  EXPECT_TRUE(accepted(Action::promote, R"({"full": true})").full);
  EXPECT_EQ(pointer_of(Action::pause, R"({"revision": "v2"})"), "/revision");
  EXPECT_EQ(pointer_of(Action::start, R"({"full": true})"), "/full");
  EXPECT_EQ(pointer_of(Action::promote, R"({"weight": 5})"), "/weight");
  EXPECT_EQ(pointer_of(Action::abort, R"({"why": "x"})"), "/why");
  EXPECT_EQ(pointer_of(Action::abort, R"({"a/b~c": 1})"), "/a~1b~0c");
}

TEST(ActionBody, WhatMayBringAVersionMoreCanBeForced) {
  for (const auto action : {Action::start, Action::resume, Action::promote, Action::retry,
                            Action::undo, Action::set_weight}) {
    const auto body =
        action == Action::set_weight ? R"({"force": true, "weight": 5})" : R"({"force": true})";
    EXPECT_TRUE(accepted(action, body).force) << rollout::name_of(action);
  }
  for (const auto action : {Action::pause, Action::abort, Action::heartbeat}) {
    EXPECT_EQ(pointer_of(action, R"({"force": true})"), "/force") << rollout::name_of(action);
  }
  EXPECT_EQ(pointer_of(Action::start, R"({"force": "yes"})"), "/force");
}

TEST(ActionBody, WeightsArePercentWithTwoDecimals) {
  struct Case {
    const char* weight;
    std::uint32_t basis_points;
  };
  for (const auto& [weight, basis_points] :
       {Case{"5", 500}, Case{"0", 0}, Case{"100", 10'000}, Case{"12.5", 1'250}, Case{"0.29", 29},
        Case{"1e1", 1'000}, Case{"\"5%\"", 500}, Case{"\"0.25%\"", 25}, Case{"\"7\"", 700}}) {
    const auto body = R"({"weight": )" + std::string(weight) + "}";
    EXPECT_EQ(accepted(Action::set_weight, body).weight.basis_points(), basis_points) << weight;
  }
  for (const auto* weight : {"-1", "100.01", "101", "0.001", "1e9", "1e308", "\"\"", "\"five\"",
                             "\"101%\"", "null", "true", "[5]", "18446744073709551615"}) {
    const auto body = R"({"weight": )" + std::string(weight) + "}";
    EXPECT_EQ(pointer_of(Action::set_weight, body), "/weight") << weight;
  }
  EXPECT_EQ(pointer_of(Action::set_weight, ""), "/weight") << "it is required";
}

TEST(ActionBody, EveryBasisPointCanBeWrittenAsANumber) {
  for (std::uint32_t points = 0; points <= 10'000; ++points) {
    const auto body = R"({"weight": )" + std::to_string(points / 100) + "." +
                      std::to_string(points / 10 % 10) + std::to_string(points % 10) + "}";
    ASSERT_EQ(accepted(Action::set_weight, body).weight.basis_points(), points) << body;
  }
}

TEST(ActionBody, WrongTypesAreNamedByTheirPlace) {
  EXPECT_EQ(pointer_of(Action::pause, R"({"reason": 5})"), "/reason");
  EXPECT_EQ(pointer_of(Action::start, R"({"revision": null})"), "/revision");
  EXPECT_EQ(pointer_of(Action::promote, R"({"full": "yes"})"), "/full");
}

TEST(ActionBody, WhatIsNotOneJsonObjectIsRefusedAsAWhole) {
  for (const auto* body : {"{", "[]", "5", "null", "\"a\"", "{}{}", "{\"reason\": \"\xff\"}",
                           "reason=x", "{\"reason\": [[[[[[1]]]]]]}"}) {
    EXPECT_EQ(pointer_of(Action::pause, body), "") << body;
  }
}

TEST(ActionBody, TextsAreOneLineOfBoundedLength) {
  EXPECT_EQ(pointer_of(Action::pause, R"({"reason": "a\nb"})"), "/reason");
  EXPECT_EQ(pointer_of(Action::pause, R"({"reason": "\u001b[2J"})"), "/reason");
  EXPECT_EQ(pointer_of(Action::pause, R"({"reason": "\u009b2J"})"), "/reason") << "C1";
  const auto of_length = [](std::size_t length) {
    return R"({"reason": ")" + std::string(length, 'x') + "\"}";
  };
  EXPECT_EQ(accepted(Action::pause, of_length(longest_text)).reason.size(), longest_text);
  EXPECT_EQ(pointer_of(Action::pause, of_length(longest_text + 1)), "/reason");
}

TEST(ActionBody, NoBytesWhateverThrow) {
  std::mt19937 random(9'901);
  const std::string seed = R"({"reason": "x", "weight": "5%", "full": true})";
  for (int round = 0; round < 5'000; ++round) {
    auto body = seed;
    for (int change = 0; change < 3; ++change) {
      body[random() % body.size()] = static_cast<char>(random() % 256);
    }
    const auto read = read_action(Action::set_weight, body);
    if (const auto* problem = std::get_if<Problem>(&read)) {
      ASSERT_TRUE(problem->more.contains("pointer")) << body;
    }
  }
}

}  // namespace
}  // namespace weir::admin
