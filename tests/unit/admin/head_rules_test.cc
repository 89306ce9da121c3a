#include "admin/head_rules.h"

#include <gtest/gtest.h>

namespace weir::admin {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

RequestHead head_with(const Fields& fields) {
  RequestHead head;
  for (const auto& [name, value] : fields) head.insert(name, value);
  return head;
}

RequestHead head_with(std::string_view name, std::string_view value) {
  return head_with({{std::string(name), std::string(value)}});
}

TEST(HeadRules, TheHostIsOneAndTheLengthIsPlain) {
  const std::pair<std::string, std::string> host{"Host", "localhost:9901"};
  for (const auto& good : {Fields{host}, Fields{host, {"Content-Length", "2"}},
                           Fields{host, {"Transfer-Encoding", "Chunked"}}}) {
    EXPECT_FALSE(head_problem(head_with(good)));
  }
  for (const auto& bad : {
           Fields{},
           Fields{host, host},
           Fields{{"Host", "a b"}},
           Fields{{"Host", ""}},
           Fields{host, {"Content-Length", "2"}, {"Content-Length", "2"}},
           Fields{host, {"Content-Length", "2"}, {"Transfer-Encoding", "chunked"}},
           Fields{host, {"Transfer-Encoding", "gzip"}},
           Fields{host, {"Transfer-Encoding", ""}},
           Fields{host, {"Transfer-Encoding", "chunked, chunked"}},
           Fields{host, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
       }) {
    EXPECT_TRUE(head_problem(head_with(bad)));
  }
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
