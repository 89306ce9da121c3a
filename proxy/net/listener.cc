#include "net/listener.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>

#include "net/unsent_bound.h"

namespace weir::net {
namespace {

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int backlog = 4096;

template <class AnyAcceptor>
void open_and_listen(AnyAcceptor& acceptor, const ListenAddress& address) {
  const auto endpoint = endpoint_of(address.address, address.port);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(boost::asio::socket_base::reuse_address(true));
    acceptor.set_option(ReusePort(true));
    acceptor.set_option(UnsentBound(most_unsent_bytes));
    acceptor.bind(endpoint);
    acceptor.listen(backlog);
    acceptor.non_blocking(true);
  } catch (const boost::system::system_error& error) {
    throw boost::system::system_error(error.code(), "cannot listen on " + address.address.text() +
                                                        ":" + std::to_string(address.port));
  }
}

bool out_of_descriptors(const error_code& error) {
  return error == boost::asio::error::no_descriptors ||
         error == boost::system::errc::too_many_files_open_in_system ||
         error == boost::asio::error::no_buffer_space || error == boost::asio::error::no_memory;
}

Task<> rest(Milliseconds duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  co_await timer.async_wait(as_result);
}

}  // namespace

Tcp::endpoint endpoint_of(const IpAddress& address, std::uint16_t port) {
  if (!address.is_v4()) return {boost::asio::ip::address_v6(address.bytes), port};
  const auto& b = address.bytes;
  return {boost::asio::ip::address_v4({b[12], b[13], b[14], b[15]}), port};
}

IpAddress address_of(const boost::asio::ip::address& address) {
  const auto v6 = address.is_v4() ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped,
                                                                     address.to_v4())
                                  : address.to_v6();
  return IpAddress{v6.to_bytes()};
}

Tcp::acceptor listen_on(boost::asio::io_context& context, const ListenAddress& address) {
  Tcp::acceptor acceptor(context);
  open_and_listen(acceptor, address);
  return acceptor;
}

Acceptor listen_on(Worker& worker, const ListenAddress& address) {
  Acceptor acceptor(worker.executor());
  open_and_listen(acceptor, address);
  return acceptor;
}

Task<> accept_loop(Acceptor& acceptor, Reception& reception) {
  constexpr Milliseconds breath{100};
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(as_result);
    if (error == boost::asio::error::operation_aborted) co_return;
    if (error) {
      if (out_of_descriptors(error)) co_await rest(breath);
      continue;
    }
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(Tcp::no_delay(true), ignored);
    reception.accepted(std::move(socket));
  }
}

}  // namespace weir::net
