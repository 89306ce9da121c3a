#include "net/send.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <string>

namespace weir::net {
namespace {

/// Two ends of a loopback connection, both non-blocking.
struct Connection {
  Connection() {
    boost::asio::basic_socket_acceptor<Tcp, Executor> acceptor(
        context.get_executor(), {boost::asio::ip::address_v4::loopback(), 0});
    here.socket().connect(acceptor.local_endpoint());
    acceptor.accept(there);
    here.socket().non_blocking(true);
  }
  void reset_by_peer() {
    there.set_option(boost::asio::socket_base::linger(true, 0));
    there.close();
    here.socket().wait(Socket::wait_error);
  }
  boost::asio::io_context context;
  Stream here{Socket(context.get_executor())};
  Socket there{context.get_executor()};
};

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
