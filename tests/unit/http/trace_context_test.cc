#include "http/trace_context.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace weir::http {
namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string parent = "b7ad6b7169203331";
const std::string valid = "00-" + trace + "-" + parent + "-01";

TEST(RequestId, IsShortAndHarmless) {
  EXPECT_TRUE(is_valid_request_id("a"));
  EXPECT_TRUE(is_valid_request_id("3f2c-AZ_9.x:y+z/w=@"));
  EXPECT_TRUE(is_valid_request_id(std::string(128, 'a')));
  for (const std::string& bad :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a\"b"),
        std::string("a\nb"), std::string("\xc3\xa9"), std::string("a,b"), std::string(1, '\0')}) {
    EXPECT_FALSE(is_valid_request_id(bad)) << bad;
  }
}

TEST(Traceparent, IsValidAsTheRecommendationSays) {
  for (const std::string& good :
       {valid, "00-" + trace + "-" + parent + "-ff", "01-" + trace + "-" + parent + "-01",
        "cc-" + trace + "-" + parent + "-01-what-the-future-holds"}) {
    EXPECT_TRUE(is_valid_traceparent(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), valid + "-x", valid + " ", valid.substr(1), "ff" + valid.substr(2),
        "0G" + valid.substr(2), "00-" + std::string(32, '0') + "-" + parent + "-01",
        "00-" + trace + "-" + std::string(16, '0') + "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + parent + "-01",
        "00_" + trace + "-" + parent + "-01", "00-" + trace + "_" + parent + "-01",
        "00-" + trace + "-" + parent + "_01", "00-" + trace + "-" + parent + "-0x",
        "cc-" + trace + "-" + parent + "-01x", "cc-" + trace + "-" + parent + "-01-a b",
        "cc-" + trace + "-" + parent + "-01-" + std::string(300, 'a')}) {
    EXPECT_FALSE(is_valid_traceparent(bad)) << bad;
  }
}

TEST(TraceContext, FormatsWhatItAccepts) {
  EXPECT_EQ(format_request_id(0x0123456789abcdef, 1).view(), "0123456789abcdef0000000000000001");
  EXPECT_EQ(
      format_traceparent(0x0af7651916cd43dd, 0x8448eb211c80319c, 0xb7ad6b7169203331, true).view(),
      valid);
  EXPECT_TRUE(is_valid_traceparent(format_traceparent(0, 0, 0, false).view()));
  EXPECT_EQ(trace_id_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(trace_id_of(""), "");
  std::mt19937_64 random(3);
  for (int round = 0; round < 1'000; ++round) {
    const auto text = format_traceparent(random(), random(), random(), round % 2 == 0);
    EXPECT_TRUE(is_valid_traceparent(text.view())) << text.view();
    EXPECT_TRUE(is_valid_request_id(format_request_id(random(), random()).view()));
  }
}

TEST(TraceContext, TakesTheClientsOnlyWhereThereIsOneValid) {
  RequestHead head;
  EXPECT_EQ(client_request_id(head), "");
  head.fields = {{"X-Request-Id", "abc"}, {"traceparent", valid}};
  EXPECT_EQ(client_request_id(head), "abc");
  EXPECT_EQ(client_traceparent(head), valid);
  head.fields.emplace_back("x-request-id", "abc");
  head.fields.emplace_back("Traceparent", valid);
  EXPECT_EQ(client_request_id(head), "");
  EXPECT_EQ(client_traceparent(head), "");
}

}  // namespace
}  // namespace weir::http
