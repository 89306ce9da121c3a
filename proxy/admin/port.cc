#include "admin/port.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

#include "net/inheritance.h"
#include "net/listener.h"

namespace weir::admin {
namespace {

using boost::asio::ip::tcp;

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr std::chrono::milliseconds breath{100};
constexpr auto forever = boost::asio::steady_timer::time_point::max();

}  // namespace

// Without SO_REUSEPORT: a second process on the same port is a mistake here, since an
// action would reach one of the two at random.
tcp::acceptor Port::open(boost::asio::io_context& control, const ListenAddress& address,
                         std::string_view key) {
  const auto endpoint = net::endpoint_of(address.address, address.port);
  try {
    return {control, endpoint, true};
  } catch (const boost::system::system_error& error) {
    throw boost::system::system_error(error.code(), std::string(key) + ": cannot listen on " +
                                                        address.address.text() + " port " +
                                                        std::to_string(address.port));
  }
}

tcp::acceptor Port::take_over(boost::asio::io_context& control, net::Descriptor socket) {
  const auto address = net::listening_address(socket.get()).value_or(ListenAddress{});
  const auto protocol = net::endpoint_of(address.address, 0).protocol();
  return {control, protocol, socket.release()};
}

Port::Port(boost::asio::io_context& control, tcp::acceptor acceptor, Reception& reception)
    : control_(control),
      acceptor_(std::move(acceptor)),
      number_(acceptor_.local_endpoint().port()),
      reception_(reception),
      pause_(control) {}

boost::asio::awaitable<void> Port::run() {
  while (acceptor_.is_open()) co_await accept();
  while (!connections_.empty()) {
    pause_.expires_at(forever);
    co_await pause_.async_wait(as_result);
  }
}

boost::asio::awaitable<void> Port::accept() {
  if (held_) {
    pause_.expires_at(forever);
    co_await pause_.async_wait(as_result);
    co_return;
  }
  auto [failure, socket] = co_await acceptor_.async_accept(as_result);
  if (!failure) {
    take(std::move(socket));
  } else if (failure != boost::asio::error::operation_aborted) {
    pause_.expires_after(breath);  // out of descriptors: do not spin
    co_await pause_.async_wait(as_result);
  }
}

void Port::hold() {
  boost::system::error_code ignored;
  held_ = true;
  acceptor_.cancel(ignored);
}

void Port::resume() {
  held_ = false;
  pause_.cancel();
}

void Port::leave() {
  boost::system::error_code ignored;
  if (acceptor_.is_open()) net::Descriptor(acceptor_.release(ignored));
  pause_.cancel();
  for (auto& connection : connections_) connection.leave();
}

void Port::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (auto& connection : connections_) connection.close();
}

void Port::take(tcp::socket socket) {
  if (connections_.size() >= reception_.limits.connections) {
    ++connections_refused_;
    return;
  }
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  connections_.emplace_front(std::move(socket), reception_);
  const auto connection = connections_.begin();
  boost::asio::co_spawn(
      control_, connection->serve(),
      [this, connection](const std::exception_ptr& failure) { ended(connection, failure); });
}

void Port::ended(std::list<Connection>::iterator connection, const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    spdlog::error("admin: a connection failed: {}", error.what());
  }
  connections_.erase(connection);
  if (connections_.empty()) pause_.cancel();
}

}  // namespace weir::admin
