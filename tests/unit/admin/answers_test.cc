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

}  // namespace
}  // namespace weir::admin
