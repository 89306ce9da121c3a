#include "admin/answers.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "sample_status.h"

namespace weir::admin {
namespace {

using rollout_loop::ActionResult;
using Kind = ActionResult::Kind;

boost::json::object body_of(const Response& response) {
  return boost::json::parse(response.body()).as_object();
}

RequestHead head_with(std::string_view name, std::string_view value) {
  RequestHead head;
  head.set(std::string(name), std::string(value));
  return head;
}

TEST(Answers, EachWayAnActionEndsHasItsStatus) {
  struct Case {
    Kind kind;
    Status status;
  };
  for (const auto& [kind, status] :
       {Case{Kind::done, Status::ok}, Case{Kind::unchanged, Status::ok},
        Case{Kind::refused, Status::conflict}, Case{Kind::stale_epoch, Status::precondition_failed},
        Case{Kind::not_persisted, Status::service_unavailable},
        Case{Kind::handed_over, Status::service_unavailable}}) {
    const auto response = answer_of({kind, "why", sample_status()});
    EXPECT_EQ(response.result(), status);
    EXPECT_EQ(response[Field::etag], "\"7\"");
    EXPECT_EQ(body_of(response).at("phase"), "Progressing");
    EXPECT_EQ(body_of(response).at("epoch"), 7);
  }
  EXPECT_EQ(answer_of({Kind::unknown_service, "why", {}}).result(), Status::not_found);
}

TEST(Answers, SayWhetherAnythingChanged) {
  EXPECT_EQ(body_of(answer_of({Kind::done, "", sample_status()})).at("changed"), true);
  EXPECT_EQ(body_of(answer_of({Kind::unchanged, "", sample_status()})).at("changed"), false);
  EXPECT_FALSE(body_of(show(sample_status())).contains("changed"));
}

TEST(IfMatch, IsOneEpochInQuotes) {
  EXPECT_EQ(std::get<0>(read_if_match({})), std::nullopt);
  EXPECT_EQ(std::get<0>(read_if_match(head_with("If-Match", "*"))), std::nullopt);
  EXPECT_EQ(std::get<0>(read_if_match(head_with("If-Match", "\"7\""))), 7u);
  for (const auto* value : {"", "7", "\"\"", "\"x\"", "W/\"7\"", "\"7", "\"7\", \"8\"", "\"-1\"",
                            "\"99999999999999999999\""}) {
    EXPECT_EQ(std::get<Problem>(read_if_match(head_with("If-Match", value))).status,
              Status::bad_request)
        << value;
  }
}

TEST(IdempotencyKey, IsShortAndVisible) {
  EXPECT_EQ(std::get<0>(read_idempotency_key({})), std::nullopt);
  EXPECT_EQ(std::get<0>(read_idempotency_key(head_with("Idempotency-Key", "a-1"))), "a-1");
  for (const auto& value : {std::string(), std::string("a b"), std::string(256, 'a')}) {
    const auto read = read_idempotency_key(head_with("Idempotency-Key", value));
    EXPECT_EQ(std::get<Problem>(read).status, Status::bad_request) << value;
  }
}

}  // namespace
}  // namespace weir::admin
