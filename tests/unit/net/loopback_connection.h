#pragma once
#include <boost/asio/io_context.hpp>

#include "net/stream.h"

namespace weir::net {

/// Two ends of a loopback connection; `here` does not wait.
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

}  // namespace weir::net
