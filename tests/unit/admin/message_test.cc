#include "admin/message.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace weir::admin {
namespace {

TEST(ProblemDocument, HasTheMembersOfRfc9457) {
  const auto response =
      make_response(Problem{Status::conflict, "cannot start", {{"phase", "Paused"}}});
  EXPECT_EQ(response[Field::content_type], "application/problem+json");
  const auto body = boost::json::parse(response.body()).as_object();
  EXPECT_EQ(body.at("type"), "about:blank");
  EXPECT_EQ(body.at("title"), "Conflict");
  EXPECT_EQ(body.at("status"), 409);
  EXPECT_EQ(body.at("detail"), "cannot start");
  EXPECT_EQ(body.at("phase"), "Paused");
}

TEST(ProblemDocument, A401CarriesItsChallenge) {
  EXPECT_EQ(make_response(Problem{Status::unauthorized, "x"})[Field::www_authenticate],
            "Bearer realm=\"weir\"");
  EXPECT_EQ(make_response(Problem{Status::forbidden, "x"}).count(Field::www_authenticate), 0u);
}

TEST(Answer, IsNeverCachedAndSaysItsLength) {
  const auto response = make_response(Status::ok, "text/plain", "ok\n");
  EXPECT_EQ(response[Field::cache_control], "no-store");
  EXPECT_EQ(response[Field::content_length], "3");
}

TEST(Query, GivesTheFirstValueOfAName) {
  EXPECT_EQ(path_of("/v1/events?service=shop"), "/v1/events");
  EXPECT_EQ(query_value("/v1/events?service=shop", "service"), "shop");
  EXPECT_EQ(query_value("/?a=1&service=b&service=c", "service"), "b");
  EXPECT_EQ(query_value("/?service=", "service"), "");
  for (const auto* target : {"/", "/?", "/?service", "/?xservice=a", "/?&&"}) {
    EXPECT_EQ(query_value(target, "service"), std::nullopt) << target;
  }
}

TEST(SingleValue, IsNoneWhereAFieldIsRepeated) {
  RequestHead head;
  EXPECT_EQ(single_value(head, "If-Match"), std::nullopt);
  head.insert("If-Match", "\"1\"");
  EXPECT_EQ(single_value(head, "if-match"), "\"1\"");
  head.insert("If-Match", "\"2\"");
  EXPECT_EQ(single_value(head, "If-Match"), std::nullopt);
}

}  // namespace
}  // namespace weir::admin
