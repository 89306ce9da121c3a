#include "net/system_calls.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/write.hpp>
#include <string>

#include "loopback_connection.h"

namespace weir::net {
namespace {

struct Received {
  std::string bytes;
  error_code error;
};

Received receive(Connection& connection, int flags = 0) {
  std::array<char, 16> room{};
  Received received;
  const auto count = receive_at_once(connection.here.socket().native_handle(),
                                     boost::asio::buffer(room), flags, received.error);
  received.bytes.assign(room.data(), count);
  return received;
}

TEST(ReceiveAtOnce, SaysWhatCameOrWhyNothing) {
  Connection connection;
  EXPECT_EQ(receive(connection).error, boost::asio::error::would_block);
  boost::asio::write(connection.there, boost::asio::buffer("hello", 5));
  EXPECT_EQ(receive(connection, MSG_PEEK).bytes, "hello");
  EXPECT_EQ(receive(connection).bytes, "hello") << "after a peek it is still there";
  connection.there.shutdown(Socket::shutdown_send);
  EXPECT_EQ(receive(connection).error, boost::asio::error::eof);
  Connection broken;
  broken.reset_by_peer();
  const auto from_broken = receive(broken);
  EXPECT_EQ(from_broken.error, boost::asio::error::connection_reset);
  EXPECT_EQ(from_broken.bytes, "");
}

TEST(SendAtOnce, IsNoSignalWhereThePeerIsGone) {
  Connection connection;
  connection.reset_by_peer();
  error_code error;
  const int socket = connection.here.socket().native_handle();
  EXPECT_EQ(send_at_once(socket, boost::asio::buffer("x", 1), error), 0U);
  EXPECT_EQ(error, boost::asio::error::connection_reset);
  EXPECT_EQ(send_at_once(socket, boost::asio::buffer("x", 1), error), 0U);
  EXPECT_EQ(error, boost::asio::error::broken_pipe) << "without MSG_NOSIGNAL a death by SIGPIPE";
}

}  // namespace
}  // namespace weir::net
