#include "http/client_address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::http {
namespace {

const IpAddress google = *IpAddress::parse("35.191.0.7");
const IpAddress stranger = *IpAddress::parse("198.51.100.1");

ForwardedPlan plan(std::uint32_t from_right = 2) {
  return {.trusted = {*Cidr::parse("35.191.0.0/16")}, .client_from_right = from_right};
}

ClientAddress resolved(const std::vector<std::string>& lists, const IpAddress& peer = google,
                       const ForwardedPlan& with = plan()) {
  RequestHead head;
  for (const std::string& list : lists) head.fields.emplace_back("x-forwarded-for", list);
  return resolve_client(head, peer, with);
}

TEST(ClientAddress, IsTheSecondFromTheRightOfAllValues) {
  struct Case {
    std::vector<std::string> lists;
    std::string client;
  };
  for (const Case& each : {
           Case{{"203.0.113.9, 34.1.1.1"}, "203.0.113.9"},
           {{"6.6.6.6, 203.0.113.9, 34.1.1.1"}, "203.0.113.9"},
           {{"6.6.6.6", "203.0.113.9, 34.1.1.1"}, "203.0.113.9"},
           {{"6.6.6.6, 203.0.113.9", "34.1.1.1"}, "203.0.113.9"},
           {{"203.0.113.9", "34.1.1.1"}, "203.0.113.9"},
           {{"203.0.113.9,34.1.1.1,,"}, "203.0.113.9"},
           {{"203.0.113.9:4711, 34.1.1.1"}, "203.0.113.9"},
           {{"2001:db8::9, 34.1.1.1"}, "2001:db8::9"},
           {{"[2001:db8::9], 34.1.1.1"}, "2001:db8::9"},
           {{"[2001:db8::9]:4711, 34.1.1.1"}, "2001:db8::9"},
       }) {
    const ClientAddress client = resolved(each.lists);
    EXPECT_EQ(client.address.text(), each.client) << each.lists.front();
    EXPECT_TRUE(client.from_field && client.peer_trusted) << each.lists.front();
  }
}

TEST(ClientAddress, IsThePeerWhereTheEntryIsNoAddress) {
  for (const std::string list :
       {"", "203.0.113.9", ",,", "unknown, 34.1.1.1", "203.0.113.9x, 34.1.1.1",
        "203.0.113.9:, 34.1.1.1", "203.0.113.9:x, 34.1.1.1", "[2001:db8::9, 34.1.1.1",
        "[2001:db8::9]x, 34.1.1.1", "1.2.3, 34.1.1.1", "<script>, 34.1.1.1"}) {
    const ClientAddress client = resolved({list});
    EXPECT_EQ(client.address, google) << list;
    EXPECT_FALSE(client.from_field) << list;
    EXPECT_TRUE(client.peer_trusted) << list;
  }
  EXPECT_EQ(resolved({}).address, google);
}

TEST(ClientAddress, IsThePeerWhereThePeerIsNotTrusted) {
  const ClientAddress client = resolved({"203.0.113.9, 34.1.1.1"}, stranger);
  EXPECT_EQ(client.address, stranger);
  EXPECT_FALSE(client.peer_trusted || client.from_field);
}

TEST(ClientAddress, CountsFromTheRightAsConfigured) {
  const std::vector<std::string> lists{"1.1.1.1, 2.2.2.2", "3.3.3.3"};
  EXPECT_EQ(resolved(lists, google, plan(1)).address.text(), "3.3.3.3");
  EXPECT_EQ(resolved(lists, google, plan(3)).address.text(), "1.1.1.1");
  EXPECT_EQ(resolved(lists, google, plan(4)).address, google);
  EXPECT_EQ(resolved(lists, google, plan(0)).address, google);
}

}  // namespace
}  // namespace weir::http
