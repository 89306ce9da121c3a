#include "net/splice_pipe.h"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

#include "loopback_connection.h"

namespace weir::net {
namespace {

std::string read_exactly(Socket& from, std::size_t count) {
  std::string bytes(count, '\0');
  boost::asio::read(from, boost::asio::buffer(bytes));
  return bytes;
}

/// A pipe that holds `bytes`.
SplicePipe filled_with(std::string_view bytes, Connection& source) {
  auto pipe = SplicePipe::take();
  boost::asio::write(source.there, boost::asio::buffer(bytes));
  EXPECT_FALSE(pipe->fill(source.here.socket(), bytes.size()));
  return std::move(*pipe);
}

TEST(SplicePipe, MovesWhatCameAndNoMoreThanAsked) {
  Connection source, sink;
  auto pipe = filled_with("hello", source);
  EXPECT_EQ(pipe.held(), 5U);
  EXPECT_FALSE(pipe.drain(sink.here.socket()));
  EXPECT_EQ(pipe.held(), 0U);
  EXPECT_EQ(read_exactly(sink.there, 5), "hello");

  boost::asio::write(source.there, boost::asio::buffer("body+next", 9));
  EXPECT_FALSE(pipe.fill(source.here.socket(), 4));
  EXPECT_EQ(pipe.held(), 4U);
  EXPECT_EQ(read_exactly(source.here.socket(), 5), "+next");
}

TEST(SplicePipe, SaysWhyNothingCame) {
  Connection source;
  auto pipe = SplicePipe::take();
  EXPECT_EQ(pipe->fill(source.here.socket(), 10), boost::asio::error::would_block);
  source.there.shutdown(Socket::shutdown_send);
  EXPECT_EQ(pipe->fill(source.here.socket(), 10), boost::asio::error::eof);
  Connection broken;
  broken.reset_by_peer();
  EXPECT_EQ(pipe->fill(broken.here.socket(), 10), boost::asio::error::connection_reset);
  EXPECT_EQ(pipe->held(), 0U);
}

TEST(SplicePipe, KeepsWhatTheReceiverDoesNotTake) {
  Connection source, sink;
  const std::string piece(SplicePipe::capacity / 4, 'x');
  auto pipe = SplicePipe::take();
  std::size_t sent = 0;
  while (pipe->held() == 0) {
    boost::asio::write(source.there, boost::asio::buffer(piece));
    ASSERT_FALSE(pipe->fill(source.here.socket(), SplicePipe::capacity));
    sent += pipe->held();
    ASSERT_FALSE(pipe->drain(sink.here.socket()));
  }
  const auto before = sent - pipe->held();
  EXPECT_EQ(read_exactly(sink.there, before), std::string(before, 'x'));
  sink.reset_by_peer();
  EXPECT_TRUE(pipe->drain(sink.here.socket())) << "nobody is there to take the rest";
  EXPECT_GT(pipe->held(), 0U);
}

TEST(SplicePipe, IsNeverLentWithBytesOfAnother) {
  Connection source, other, sink;
  { const auto dropped = filled_with("another's", source); }
  auto pipe = filled_with("mine", other);
  EXPECT_FALSE(pipe.drain(sink.here.socket()));
  EXPECT_EQ(read_exactly(sink.there, 4), "mine");
}

TEST(SplicePipe, IsLentSoManyTimesAtOnce) {
  std::vector<SplicePipe> lent;
  while (auto pipe = SplicePipe::take()) lent.push_back(std::move(*pipe));
  EXPECT_EQ(lent.size(), static_cast<std::size_t>(SplicePipe::most_lent));
  lent.pop_back();
  EXPECT_TRUE(SplicePipe::take());
}

}  // namespace
}  // namespace weir::net
