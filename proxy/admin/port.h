#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <string_view>

#include "admin/connection.h"
#include "model/plan.h"
#include "net/descriptor.h"

namespace weir::admin {

/// One address the admin server answers at. Lives on the control thread. Once `run` was
/// spawned, it is destroyed either after `run` has returned or after `control` has run for
/// the last time.
class Port {
 public:
  /// Listens when it returns. Throws `boost::system::system_error` naming the key and the
  /// address where it cannot.
  static boost::asio::ip::tcp::acceptor open(boost::asio::io_context& control,
                                             const ListenAddress& address, std::string_view key);
  /// Takes up a socket that listens already.
  static boost::asio::ip::tcp::acceptor take_over(boost::asio::io_context& control,
                                                  net::Descriptor socket);

  Port(boost::asio::io_context& control, boost::asio::ip::tcp::acceptor acceptor,
       Reception& reception);
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  /// Serves until `stop`; returns once the last connection has ended.
  boost::asio::awaitable<void> run();
  /// Lets nobody in until `resume`: they wait, for us or for who takes the address over.
  void hold();
  void resume();
  /// Another process has the address now: our copy is closed, and connections end, those
  /// with a request after its answer.
  void leave();
  /// Closes the port and every connection.
  void stop();

  std::uint16_t number() const noexcept { return number_; }
  int socket() noexcept { return acceptor_.native_handle(); }
  std::size_t connections() const noexcept { return connections_.size(); }
  std::uint64_t connections_refused() const noexcept { return connections_refused_; }

 private:
  boost::asio::awaitable<void> accept();
  void take(boost::asio::ip::tcp::socket socket);
  void ended(std::list<Connection>::iterator connection, const std::exception_ptr& failure);

  boost::asio::io_context& control_;
  boost::asio::ip::tcp::acceptor acceptor_;
  const std::uint16_t number_;
  Reception& reception_;
  boost::asio::steady_timer pause_;  ///< between failed accepts; held; until the last has ended
  bool held_ = false;
  std::list<Connection> connections_;
  std::uint64_t connections_refused_ = 0;
};

}  // namespace weir::admin
