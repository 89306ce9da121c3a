#include "net/send.h"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <string>

#include "loopback_connection.h"

namespace weir::net {
namespace {

TEST(Gather, ForgetsWhatWasConsumedPieceByPiece) {
  Gather gather;
  for (const auto* piece : {"one", "", "two", "three", "4", "5", "6"}) gather.add(piece);
  EXPECT_TRUE(gather.untouched());
  gather.consume(0);
  EXPECT_TRUE(gather.untouched());
  gather.consume(4);
  EXPECT_FALSE(gather.untouched());
  std::string rest;
  for (const auto& piece : gather)
    rest.append(static_cast<const char*>(piece.data()), piece.size());
  EXPECT_EQ(rest, "wothree456");
  gather.consume(rest.size());
  EXPECT_TRUE(gather.empty());
}

TEST(Gather, SplitsAnywhere) {
  for (std::size_t count = 0; count <= 12; ++count) {
    Gather gather;
    for (const auto* piece : {"one", "two", "three"}) gather.add(piece);
    const auto part = gather.first(count);
    std::string text;
    for (const auto& piece : part)
      text.append(static_cast<const char*>(piece.data()), piece.size());
    EXPECT_EQ(text, std::string("onetwothree").substr(0, count));
    EXPECT_EQ(part.size(), text.size());
    EXPECT_EQ(gather.size(), 11U);
  }
}

TEST(SendNow, SendsPiecesInOrderWhateverTheirSizes) {
  for (const std::size_t body_size : {0, 1, 4'090, 4'091, 4'092, 20'000}) {
    Connection connection;
    const std::string body(body_size, 'b');
    Gather gather;
    for (const auto& piece : {std::string_view("head:"), std::string_view(body)}) gather.add(piece);
    EXPECT_FALSE(send_now(connection.here, gather));
    EXPECT_TRUE(gather.empty());
    std::string arrived(5 + body_size, '\0');
    boost::asio::read(connection.there, boost::asio::buffer(arrived));
    EXPECT_EQ(arrived, "head:" + body);
  }
}

TEST(SendNow, LeavesNothingBehindOnAConnectionThatWasReset) {
  Connection connection;
  connection.reset_by_peer();
  Gather gather;
  gather.add("request");
  EXPECT_TRUE(send_now(connection.here, gather));
  EXPECT_TRUE(gather.untouched()) << "so the request may be sent again, whatever its method";
}

TEST(SendNow, KeepsWhatTheSocketDoesNotTake) {
  Connection connection;
  const std::string large(64 * 1024 * 1024, 'x');
  Gather gather;
  gather.add(large);
  EXPECT_FALSE(send_now(connection.here, gather));
  EXPECT_FALSE(gather.empty());
  EXPECT_FALSE(gather.untouched());
  connection.reset_by_peer();
  EXPECT_TRUE(send_now(connection.here, gather));
  EXPECT_FALSE(gather.untouched()) << "some of it left before";
}

}  // namespace
}  // namespace weir::net
