#include "net/listener.h"

#include <linux/filter.h>
#include <netinet/tcp.h>

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>

#include "net/unsent_bound.h"

namespace weir::net {
namespace {

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int backlog = 4096;

[[noreturn]] void cannot_listen(const error_code& error, const ListenAddress& address) {
  throw boost::system::system_error(
      error, "cannot listen on " + address.address.text() + ":" + std::to_string(address.port));
}

/// Drops what asks for a new connection; the client's kernel asks again a second later.
void turn_newcomers_away(Acceptor& acceptor) {
  constexpr std::uint32_t flags_at = 13, whole = 0xffffffff;
  std::array<sock_filter, 5> code{{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, whole),
  }};
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  // Where it is refused, the few who come in the next milliseconds are reset.
  ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

void welcome(Reception& reception, Socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(Tcp::no_delay(true), ignored);
  reception.accepted(std::move(socket));
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

Acceptor bind_to(Worker& worker, const ListenAddress& address) {
  Acceptor acceptor(worker.executor());
  const auto endpoint = endpoint_of(address.address, address.port);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(boost::asio::socket_base::reuse_address(true));
    acceptor.set_option(ReusePort(true));
    acceptor.set_option(UnsentBound(most_unsent_bytes));
    acceptor.bind(endpoint);
    acceptor.non_blocking(true);
  } catch (const boost::system::system_error& error) {
    cannot_listen(error.code(), address);
  }
  return acceptor;
}

void begin_listening(Acceptor& acceptor, const ListenAddress& address) {
  error_code error;
  acceptor.listen(backlog, error);
  if (error) cannot_listen(error, address);
}

Acceptor listen_on(Worker& worker, const ListenAddress& address) {
  auto acceptor = bind_to(worker, address);
  begin_listening(acceptor, address);
  return acceptor;
}

void assign(Acceptor& acceptor, Descriptor socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  acceptor.assign(address.ss_family == AF_INET6 ? Tcp::v6() : Tcp::v4(), socket.release());
  acceptor.set_option(UnsentBound(most_unsent_bytes));
  acceptor.non_blocking(true);
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
    welcome(reception, std::move(socket));
  }
}

// Closing alone would leave this process's epoll listening on the others' socket.
void let_go(Acceptor& acceptor) {
  error_code ignored;
  if (acceptor.is_open()) Descriptor(acceptor.release(ignored));
}

Task<> serve_out(Acceptor& acceptor, Reception& reception) {
  constexpr Milliseconds handshakes{20};
  turn_newcomers_away(acceptor);
  co_await rest(handshakes);  // `accept_loop` goes on meanwhile
  error_code error;
  while (!error || error == boost::asio::error::connection_aborted) {
    auto socket = acceptor.accept(error);
    if (!error) welcome(reception, std::move(socket));
  }
  acceptor.close(error);
}

}  // namespace weir::net
