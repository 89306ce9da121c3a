#include "net/listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <exception>
#include <future>
#include <vector>

namespace weir::net {
namespace {

const ListenAddress any_port{*IpAddress::parse("127.0.0.1"), 0};

struct Guests : Reception {
  void accepted(Socket socket) override { sockets.push_back(std::move(socket)); }
  std::vector<Socket> sockets;
};

/// A listener nobody has accepted from, and clients the kernel has taken in.
class Waiting : public testing::Test {
 protected:
  static constexpr std::size_t count = 50;

  Waiting() : acceptor_(listen_on(worker_, any_port)), at_(acceptor_.local_endpoint()) {
    for (std::size_t i = 0; i < count; ++i) clients_.emplace_back(context_).connect(at_);
  }

  std::size_t reset() {
    std::size_t reset = 0;
    for (auto& client : clients_) {
      client.non_blocking(true);
      char byte = 0;
      error_code error;
      client.read_some(boost::asio::buffer(&byte, 1), error);
      reset += error == boost::asio::error::would_block ? 0 : 1;
    }
    return reset;
  }

  Worker worker_{0};
  boost::asio::io_context context_;
  Acceptor acceptor_;
  const Tcp::endpoint at_;
  Guests guests_;
  std::vector<Tcp::socket> clients_;
};

TEST_F(Waiting, WhoeverIsConnectedIsLetInBeforeAnAddressCloses) {
  std::promise<void> served;
  boost::asio::co_spawn(worker_.executor(), serve_out(acceptor_, guests_),
                        [&served](const std::exception_ptr&) { served.set_value(); });
  worker_.start();
  served.get_future().wait();
  EXPECT_EQ(guests_.sockets.size(), count);
  EXPECT_EQ(reset(), 0u);
  Tcp::no_delay at_once;
  guests_.sockets.front().get_option(at_once);
  EXPECT_TRUE(at_once.value());
  Tcp::socket late(context_);
  error_code error;
  late.connect(at_, error);
  EXPECT_EQ(error, boost::asio::error::connection_refused);
}

TEST_F(Waiting, ClosingOutrightResetsThem) {
  acceptor_.close();
  EXPECT_EQ(reset(), count) << "or the test above proves nothing";
}

TEST_F(Waiting, ASocketThatIsLetGoOfKeepsThemForWhoElseHasIt) {
  const Descriptor other(::dup(acceptor_.native_handle()));
  let_go(acceptor_);
  EXPECT_FALSE(acceptor_.is_open());
  EXPECT_EQ(reset(), 0u);
  Acceptor successor(worker_.executor());
  assign(successor, other.duplicate());
  for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(successor.accept().is_open());
}

TEST_F(Waiting, AnAddressThatIsOnlyBoundTakesNobody) {
  auto bound = bind_to(worker_, any_port);
  Tcp::socket early(context_);
  error_code error;
  early.connect(bound.local_endpoint(), error);
  EXPECT_EQ(error, boost::asio::error::connection_refused);
  begin_listening(bound, any_port);
  early = Tcp::socket(context_);
  early.connect(bound.local_endpoint(), error);
  EXPECT_FALSE(error);
}

}  // namespace
}  // namespace weir::net
