#include "net/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <random>
#include <span>
#include <string>

#include "loopback_connection.h"

namespace weir::net {
namespace {

Task<> wait_for_bytes(Stream& stream, bool end_may_wait, bool& over) {
  co_await stream.readable(as_result, end_may_wait);
  over = true;
}

/// A connection whose reader reads by `receive_now` and waits by `readable`.
struct Reader : Connection {
  /// What one read takes.
  std::string take() {
    ReceiveBuffer buffer;
    error = here.receive_now(buffer);
    return std::string(buffer.bytes());
  }
  void begin_wait(bool end_may_wait = false) {
    over = false;
    co_spawn(context, wait_for_bytes(here, end_may_wait, over), boost::asio::detached);
    context.restart();
    context.poll();
  }
  bool wait_ends() {
    context.restart();
    while (!over && context.run_one_for(std::chrono::seconds(5)) > 0) {
    }
    return over;
  }
  void say(std::string_view text) { boost::asio::write(there, boost::asio::buffer(text)); }
  /// Everything there is was read, and nothing that Asio remembers ends the next wait.
  void settle() {
    for (int look = 0; look < 2; ++look) {
      ASSERT_EQ(take(), "");
      begin_wait();
      if (over) continue;
      here.socket().cancel();
      ASSERT_TRUE(wait_ends());
      ASSERT_EQ(take(), "");
      return;
    }
  }
  bool over = false;
  error_code error;
};

struct Arrival {
  const char* name;
  std::function<void(Reader&)> come;
  std::string bytes;
  error_code error;
};

const Arrival arrivals[] = {
    {"Bytes", [](Reader& reader) { reader.say("hello"); }, "hello", {}},
    {"End", [](Reader& reader) { reader.there.shutdown(Socket::shutdown_send); }, "",
     boost::asio::error::eof},
    {"Reset", [](Reader& reader) { reader.reset_by_peer(); }, "",
     boost::asio::error::connection_reset},
};

class StreamWaitFor : public testing::TestWithParam<Arrival> {
 protected:
  void expect_told(Reader& reader) {
    ASSERT_TRUE(reader.wait_ends());
    EXPECT_EQ(reader.take(), GetParam().bytes);
    EXPECT_EQ(reader.error, GetParam().error);
  }
};

TEST_P(StreamWaitFor, EndsByWhatComesAfterALookThatFoundNothing) {
  Reader reader;
  reader.settle();
  reader.begin_wait();
  EXPECT_FALSE(reader.over) << "nothing came";
  GetParam().come(reader);
  expect_told(reader);
}

TEST_P(StreamWaitFor, EndsByWhatCameBetweenTheLookAndTheWait) {
  Reader reader;
  reader.settle();
  ASSERT_TRUE(reader.here.silent());
  GetParam().come(reader);
  reader.begin_wait();
  expect_told(reader);
}

TEST_P(StreamWaitFor, EndsByWhatCameBeforeTheFirstLook) {
  Reader reader;
  GetParam().come(reader);
  reader.begin_wait();
  expect_told(reader);
}

TEST_P(StreamWaitFor, EndsByWhatComesDuringTheFirstWait) {
  Reader reader;
  reader.begin_wait();
  if (reader.over) {  // without cause, as it may
    ASSERT_EQ(reader.take(), "");
    reader.begin_wait();
  }
  EXPECT_FALSE(reader.over) << "nothing came";
  GetParam().come(reader);
  expect_told(reader);
}

INSTANTIATE_TEST_SUITE_P(Each, StreamWaitFor, testing::ValuesIn(arrivals),
                         [](const auto& each) { return std::string(each.param.name); });

Task<> take_beside(Stream& stream, std::span<char> header) {
  co_await stream.socket().async_wait(Socket::wait_read, as_result);
  ::recv(stream.socket().native_handle(), header.data(), header.size(), 0);
}

TEST(StreamWait, EndsByBytesBehindThoseTakenBesideIt) {
  Reader reader;
  std::array<char, 6> header;
  co_spawn(reader.context, take_beside(reader.here, header), boost::asio::detached);
  reader.say("headerrest");
  reader.context.run();
  reader.begin_wait();
  ASSERT_TRUE(reader.wait_ends());
  EXPECT_EQ(reader.take(), "rest");
}

/// The bytes and the end behind them are one event.
void say_goodbye(Reader& reader) {
  reader.settle();
  reader.begin_wait();
  reader.say("bye");
  reader.there.shutdown(Socket::shutdown_send);
  ASSERT_TRUE(reader.wait_ends());
  ASSERT_EQ(reader.take(), "bye");
}

TEST(StreamWait, EndsByAnEndThatCameAlongWithBytes) {
  Reader reader;
  say_goodbye(reader);
  reader.begin_wait();
  ASSERT_TRUE(reader.wait_ends());
  reader.take();
  EXPECT_EQ(reader.error, boost::asio::error::eof);
}

TEST(StreamWait, MissesSuchAnEndWhereItMayWait) {
  Reader reader;
  say_goodbye(reader);
  reader.begin_wait(true);
  EXPECT_FALSE(reader.over);
  reader.here.socket().cancel();
  ASSERT_TRUE(reader.wait_ends());
  reader.take();
  EXPECT_EQ(reader.error, boost::asio::error::eof) << "a look finds it";
}

TEST(StreamWait, EndsByBytesThatAReadLeft) {
  for (const bool end_may_wait : {false, true}) {
    Reader reader;
    reader.settle();
    reader.begin_wait();
    reader.say(std::string(3 * ReceiveBuffer::first_capacity, 'x'));
    for (std::size_t taken = 0; taken < 3 * ReceiveBuffer::first_capacity;) {
      ASSERT_TRUE(reader.wait_ends());
      taken += reader.take().size();
      reader.begin_wait(end_may_wait);
    }
    EXPECT_FALSE(reader.over);
    reader.here.socket().cancel();
    EXPECT_TRUE(reader.wait_ends());
  }
}

TEST(StreamWait, NeverMissesBytesHoweverLooksAndWaitsFollow) {
  std::mt19937 random(1);
  Reader reader;
  std::string unheard;
  for (int step = 0; step < 3'000; ++step) {
    if (random() % 2 == 0) {
      const std::string more(1 + random() % 12'000, static_cast<char>('a' + step % 26));
      reader.say(more);
      unheard += more;
    }
    if (random() % 4 == 0) reader.here.silent();
    reader.begin_wait(random() % 2 == 0);
    if (!unheard.empty()) {
      ASSERT_TRUE(reader.wait_ends()) << "in step " << step;
    } else if (!reader.over) {
      reader.here.socket().cancel();
      ASSERT_TRUE(reader.wait_ends());
    }
    if (random() % 3 == 0) continue;
    const auto heard = reader.take();
    ASSERT_EQ(unheard.substr(0, heard.size()), heard);
    unheard.erase(0, heard.size());
  }
}

}  // namespace
}  // namespace weir::net
